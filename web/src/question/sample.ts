// A small explore for the unit tests: one time group, one text, one yes/no, two measures.
import type { Explore, Field } from "../api/types";

export function field(name: string, type: string, more: Partial<Field> = {}): Field {
  const [view = "", short = ""] = name.split(".");
  return {
    ...{ name, type, view, label: `${view} ${short}`, label_short: short, view_label: view },
    ...{ description: null, field_group_label: null, field_group_variant: null },
    ...{ dimension_group: null, category: "dimension", measure: false, is_numeric: false },
    ...{ is_timeframe: false, is_filter: false, hidden: false, fill_style: null },
    ...{ value_format: null, value_format_name: null, suggestions: [], unavailable: null },
    ...more,
  };
}

const frame = (type: string, variant: string): Field =>
  field(`calendar.day_${variant.toLowerCase()}`, type, {
    ...{ dimension_group: "calendar.day", field_group_label: "日付", field_group_variant: variant },
    ...{ label_short: `日付 ${variant}`, fill_style: "range", is_timeframe: true },
  });

const measure = (name: string, label: string, more: Partial<Field> = {}): Field =>
  field(name, "count", { measure: true, is_numeric: true, label_short: label, ...more });

export const sample: Explore = {
  ...{ id: "shop::users_daily", name: "users_daily", label: "Users", description: null },
  ...{ model_name: "shop", view_name: "users_daily", hidden: false, always_filter: [] },
  fields: {
    dimensions: [
      frame("date_date", "Date"),
      frame("date_month", "Month"),
      field("users.prefecture", "string", { label_short: "都道府県" }),
      field("users.is_test", "yesno", { label_short: "テスト" }),
    ],
    measures: [
      measure("user_days.lost", "使えない", { unavailable: { reason: "r", hint: "h" } }),
      measure("user_days.unique_users", "ユニークユーザー数"),
      measure("user_days.orders", "注文数"),
    ],
    filters: [],
    parameters: [],
  },
};

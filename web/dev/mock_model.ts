// The invented model of the mock: users_daily (one row a user and day) and users_now (one row a
// user).
import type { Explore, Field, Model, Status } from "../src/api/types";

export const zone = "Asia/Tokyo";
export const completeThrough = (): string => {
  const today = new Date();
  today.setUTCHours(today.getUTCHours() - 6, 34, 0, 0);
  return process.env.MOCK_THROUGH ?? today.toISOString();
};

function field(name: string, label: string, type: string, more: Partial<Field> = {}): Field {
  const view = name.split(".")[0] ?? "";
  const views: Record<string, string> = {
    calendar: "カレンダー",
    user_days: "ユーザー（日ごと）",
    users: "ユーザー属性",
    users_now: "ユーザー（現在）",
    shops: "ショップ",
  };
  const viewLabel = views[view] ?? view;
  return {
    name,
    label: `${viewLabel} ${label}`,
    label_short: label,
    description: null,
    view,
    view_label: viewLabel,
    field_group_label: null,
    field_group_variant: null,
    dimension_group: null,
    type,
    category: "dimension",
    measure: false,
    is_numeric: type === "number",
    is_timeframe: type.startsWith("date"),
    is_filter: false,
    hidden: false,
    fill_style: null,
    value_format: null,
    value_format_name: null,
    suggestions: [],
    unavailable: null,
    ...more,
  };
}

const measure = (name: string, label: string, type: string, more: Partial<Field> = {}): Field =>
  field(name, label, type, { category: "measure", measure: true, is_numeric: true, ...more });

function frames(view: string, group: string, label: string, names: string[]): Field[] {
  return names.map((frame) =>
    field(`${view}.${group}_${frame}`, `${label} ${frame}`, `date_${frame}`, {
      dimension_group: `${view}.${group}`,
      field_group_label: label,
      field_group_variant: frame[0]?.toUpperCase() + frame.slice(1),
      fill_style: "range",
    }),
  );
}

export const prefectures =
  "東京都 大阪府 神奈川県 愛知県 福岡県 北海道 兵庫県 埼玉県 千葉県 京都府 広島県 宮城県 静岡県 新潟県 沖縄県".split(
    " ",
  );

const prefecture = (view: string): Field =>
  field(`${view}.prefecture`, "都道府県", "string", { suggestions: prefectures });

function usersDaily(): Explore {
  const dimensions = [
    ...frames("calendar", "day", "日付", ["date", "week", "month", "quarter", "year"]),
    field("calendar.holiday_name", "祝日名", "string"),
    field("calendar.is_business_day", "営業日", "yesno"),
    prefecture("users"),
    field("users.plan", "プラン", "string", { suggestions: ["無料", "スタンダード", "グロース"] }),
    field("users.is_test", "テスト利用者", "yesno"),
    field("users.months_since_signup", "登録からの月数", "number"),
  ];
  const measures = [
    measure("user_days.unique_users", "ユニークユーザー数", "count_distinct", {
      description: "その日に注文または閲覧をした人の数",
    }),
    measure("user_days.orders", "注文数", "sum"),
    measure("user_days.amount", "流通額", "sum", { value_format_name: "decimal_0" }),
    measure("shops.average_sales", "ショップ売上平均", "average", {
      unavailable: {
        reason: "joins of this explore multiply shops, and shops has no primary_key",
        hint: "declare primary_key: yes on shops.id",
      },
    }),
  ];
  return explore("users_daily", "ユーザー（日ごと）", dimensions, measures);
}

function usersNow(): Explore {
  const dimensions = [
    prefecture("users_now"),
    field("users_now.id", "ID", "number"),
    field("users_now.name", "名前", "string"),
    field("users_now.is_test", "テスト利用者", "yesno"),
    ...frames("users_now", "created", "登録", ["time", "date", "month"]),
  ];
  const measures = [
    measure("users_now.count", "ユーザー数", "count"),
    measure("users_now.points", "ポイント合計", "sum"),
  ];
  return explore("users_now", "ユーザー（現在）", dimensions, measures);
}

function explore(name: string, label: string, dimensions: Field[], measures: Field[]): Explore {
  const fields = { dimensions, measures, filters: [], parameters: [] };
  const head = { id: `shop::${name}`, name, label, description: null, model_name: "shop" };
  return { ...head, view_name: name, hidden: false, always_filter: [], fields };
}

export const explores = (): Explore[] => [usersDaily(), usersNow()];

export const models = (): Model[] => [
  {
    name: "shop",
    label: "ショップ",
    explores: explores().map(({ name, label }) => ({
      ...{ name, label, description: null, hidden: false, group_label: "ショップ" },
    })),
  },
];

export function status(): Status {
  const time = { complete_through: completeThrough(), read_at: completeThrough() };
  return {
    ...{ name: "shop", version: "0.1.0", timezone: zone, model_errors: 0 },
    tables: [
      { table: "raw_shop.users", rows: 200000, ...time },
      { table: "raw_shop.orders", rows: 1000000, ...time },
    ],
  };
}

// Dates as people here read them: 11/21（土）, Nov 21 (Sat). The values come as text in the
// question's zone ("2026-11-21", "2026-11", "2026-11-21 04"), so no zone arithmetic happens
// here except for the instants of freshness.
import type { Lang } from "./number";

const weekdays: Record<Lang, string[]> = {
  ja: ["日", "月", "火", "水", "木", "金", "土"],
  en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
};
const weekdaysLong: Record<Lang, string[]> = {
  ja: ["日曜", "月曜", "火曜", "水曜", "木曜", "金曜", "土曜"],
  en: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
};
const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

interface Parts {
  year: number;
  month: number;
  day: number;
  rest: string;
}

function partsOf(value: string): Parts | null {
  const match = /^(\d{4})-(\d{2})(?:-(\d{2}))?(?:[ T](.*?))?(?:Z|[+-]\d{2}:?\d{2})?$/.exec(value);
  if (!match) return null;
  const [, year, month, day = "01", rest = ""] = match;
  const parts = { year: Number(year), month: Number(month), day: Number(day), rest };
  return parts.month >= 1 && parts.month <= 12 && parts.day <= 31 ? parts : null;
}

const weekday = ({ year, month, day }: Parts): number =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay();

function dayText(parts: Parts, lang: Lang, yearNow: number): string {
  const name = weekdays[lang][weekday(parts)] ?? "";
  const far = parts.year !== yearNow;
  if (lang === "ja") return `${far ? `${parts.year}/` : ""}${parts.month}/${parts.day}（${name}）`;
  const month = months[parts.month - 1] ?? "";
  return far ? `${month} ${parts.day}, ${parts.year} (${name})` : `${month} ${parts.day} (${name})`;
}

function monthText(parts: Parts, lang: Lang): string {
  if (lang === "ja") return `${parts.year}年${parts.month}月`;
  return `${months[parts.month - 1] ?? ""} ${parts.year}`;
}

function hourText(parts: Parts, lang: Lang): string {
  const hour = /^(\d{2})(?::00)*$/.exec(parts.rest)?.[1];
  if (hour === undefined) return parts.rest.replace(/\.0+$/, "");
  return lang === "ja" ? `${Number(hour)}時` : `${hour}:00`;
}

/** Writes a time value of a LookML type (`date_week`, …); what it cannot read stays as it is. */
export function timeText(value: string, type: string, lang: Lang, yearNow: number): string {
  const parts = partsOf(value);
  if (type === "date_year") return lang === "ja" && /^\d{4}$/.test(value) ? `${value}年` : value;
  if (type === "date_quarter") return quarterText(value, lang);
  if (!parts) return value;
  if (type === "date_month") return monthText(parts, lang);
  const day = dayText(parts, lang, yearNow);
  if (type === "date_week") return lang === "ja" ? `${day}の週` : `Week of ${day}`;
  if (type === "date_hour") return `${day} ${hourText(parts, lang)}`;
  if (parts.rest !== "" && type !== "date_date") return `${day} ${parts.rest.replace(/\.0+$/, "")}`;
  return day;
}

function quarterText(value: string, lang: Lang): string {
  const named = /^(\d{4})-?Q([1-4])$/.exec(value);
  const parts = partsOf(value);
  const year = named?.[1] ?? parts?.year;
  const quarter = named?.[2] ?? (parts ? Math.ceil(parts.month / 3) : undefined);
  if (year === undefined || quarter === undefined) return value;
  return lang === "ja" ? `${year}年 第${quarter}四半期` : `Q${quarter} ${year}`;
}

/** Short form for an axis: 11/1, Nov 1; months and years keep what tells them apart. */
export function axisTime(value: string, type: string, lang: Lang): string {
  const parts = partsOf(value);
  if (!parts || type === "date_year" || type === "date_quarter")
    return timeText(value, type, lang, 0);
  if (type === "date_month")
    return lang === "ja" ? `${parts.year}/${parts.month}` : monthText(parts, lang);
  const day =
    lang === "ja" ? `${parts.month}/${parts.day}` : `${months[parts.month - 1]} ${parts.day}`;
  return type === "date_hour" ? `${day} ${hourText(parts, lang)}` : day;
}

/** "土曜", "Saturday": the weekday of a date value, "" when it is none. */
export function weekdayName(value: string, lang: Lang): string {
  const parts = partsOf(value);
  return parts ? (weekdaysLong[lang][weekday(parts)] ?? "") : "";
}

/** The date value `days` later (negative: earlier); null when `value` is no date. */
export function addDays(value: string, days: number): string | null {
  const parts = partsOf(value);
  if (!parts) return null;
  const date = new Date(Date.UTC(parts.year, parts.month - 1, parts.day + days));
  return date.toISOString().slice(0, 10);
}

/** The month value `count` later, as "2026-11". */
export function addMonths(value: string, count: number): string | null {
  const parts = partsOf(value);
  if (!parts) return null;
  return new Date(Date.UTC(parts.year, parts.month - 1 + count, 1)).toISOString().slice(0, 7);
}

/** The calendar day of an instant in a zone, as "2026-11-25". */
export function dayIn(instant: string, zone: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return "";
  try {
    return new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" }).format(at);
  } catch {
    return instant.slice(0, 10);
  }
}

/** An instant as "11/22 04:34" ("Nov 22 04:34") in a zone; "" when it is none. */
export function instantText(instant: string | null, zone: string, lang: Lang): string {
  const at = instant === null ? new Date(Number.NaN) : new Date(instant);
  if (Number.isNaN(at.getTime())) return "";
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const part = { timeZone: zone, month: "numeric", day: "numeric", ...time } as const;
  const pieces = new Intl.DateTimeFormat("en-US", part).formatToParts(at);
  const get = (type: string): string => pieces.find((piece) => piece.type === type)?.value ?? "";
  const month = lang === "ja" ? `${get("month")}/` : `${months[Number(get("month")) - 1]} `;
  return `${month}${get("day")} ${get("hour")}:${get("minute")}`;
}

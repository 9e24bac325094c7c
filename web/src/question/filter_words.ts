// A filter expression in words. Only forms whose meaning is sure are put in words; every other
// expression is shown as it was written, so the words can never say something the server does
// not do.
import type { Field } from "../api/types";
import type { Lang } from "../format/number";
import type { Words } from "../words/en";

export type FilterKind = "date" | "number" | "yesno" | "string";

export function filterKind(field: Field): FilterKind {
  if (field.type === "yesno") return "yesno";
  if (field.type.startsWith("date") || field.type === "time" || field.type === "duration")
    return /day_of|hour_of|month_name/.test(field.type) ? "string" : "date";
  return field.is_numeric || field.measure ? "number" : "string";
}

const unitsJa: Record<string, string> = {
  second: "秒",
  minute: "分",
  hour: "時間",
  day: "日",
  week: "週間",
  month: "か月",
  quarter: "四半期",
  year: "年",
};
const namedJa: Record<string, string> = {
  today: "今日",
  yesterday: "昨日",
  "this week": "今週",
  "last week": "先週",
  "this month": "今月",
  "last month": "先月",
  "this quarter": "今四半期",
  "last quarter": "前四半期",
  "this year": "今年",
  "last year": "去年",
};
const day = String.raw`\d{4}-\d{2}(?:-\d{2})?`;

function dateJa(text: string): string {
  const last = /^(?:last )?(\d+) (second|minute|hour|day|week|month|quarter|year)s?$/.exec(text);
  if (last) return `直近${last[1]}${unitsJa[last[2] ?? ""] ?? ""}`;
  if (namedJa[text]) return namedJa[text];
  const range = new RegExp(`^(${day}) to (${day})$`).exec(text);
  if (range) return `${range[1]} から ${range[2]} の前まで`;
  const edge = new RegExp(`^(after|before) (${day})$`).exec(text);
  if (edge) return edge[1] === "after" ? `${edge[2]} 以降` : `${edge[2]} より前`;
  return text;
}

function dateEn(text: string): string {
  const last = /^(?:last )?(\d+) (second|minute|hour|day|week|month|quarter|year)s?$/.exec(text);
  if (last) return `the last ${last[1]} ${last[2]}${last[1] === "1" ? "" : "s"}`;
  const range = new RegExp(`^(${day}) to (${day})$`).exec(text);
  return range ? `${range[1]} until before ${range[2]}` : text;
}

function numberText(text: string, lang: Lang): string {
  const match = /^(>=|<=|>|<|=|NOT |!=|<>)?\s*(-?[\d.]+)$/i.exec(text);
  if (!match) return text;
  const sign = (match[1] ?? "=").trim().toUpperCase();
  const number = match[2] ?? "";
  const ja: Record<string, string> = {
    ">": `${number} より大きい`,
    "<": `${number} より小さい`,
    ">=": `${number} 以上`,
    "<=": `${number} 以下`,
    "=": number,
  };
  const en: Record<string, string> = {
    ">": `more than ${number}`,
    "<": `less than ${number}`,
    ">=": `at least ${number}`,
    "<=": `at most ${number}`,
    "=": number,
  };
  const not = lang === "ja" ? `${number} 以外` : `not ${number}`;
  return (lang === "ja" ? ja : en)[sign] ?? not;
}

/** Splits a string filter at commas that are outside quotes and not escaped by `^`. */
export function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let term = "";
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? "";
    if (char === "^" && i + 1 < text.length) term += char + (text[++i] ?? "");
    else if (char === "," && !quoted) {
      terms.push(term.trim());
      term = "";
    } else {
      if (char === '"') quoted = !quoted;
      term += char;
    }
  }
  return [...terms, term.trim()].filter((piece) => piece !== "");
}

const special = /[%_"^[\]()]/;

function stringText(text: string, lang: Lang): string {
  const terms = splitTerms(text);
  if (terms.length === 0) return text;
  const excluded = terms.filter((term) => term.startsWith("-"));
  const inner = /^%([^%]+)%$/.exec(terms[0] ?? "")?.[1];
  if (terms.length === 1 && inner && !special.test(inner))
    return lang === "ja" ? `「${inner}」を含む` : `contains “${inner}”`;
  if (terms.some((term) => special.test(term)) || /^(EMPTY|NULL|-EMPTY|-NULL)$/i.test(text))
    return text;
  if (excluded.length === 0) return terms.join(lang === "ja" ? "・" : " or ");
  if (excluded.length < terms.length) return text;
  const names = excluded.map((term) => term.slice(1));
  return lang === "ja" ? `${names.join("・")} 以外` : `not ${names.join(" or ")}`;
}

/** Says `expression` in words; "" becomes "any". */
export function filterText(field: Field, expression: string, words: Words, lang: Lang): string {
  const text = expression.trim();
  if (text === "") return words.any;
  const kind = filterKind(field);
  if (kind === "date")
    return lang === "ja" ? dateJa(text.toLowerCase()) : dateEn(text.toLowerCase());
  if (kind === "number") return numberText(text, lang);
  if (kind === "yesno")
    return /^yes$/i.test(text) ? words.yes : /^no$/i.test(text) ? words.no : text;
  return stringText(text, lang);
}

/** Quotes a value so that as a filter it means exactly itself. */
export function literalTerm(value: string): string {
  return /^[^,%_"^\-\s][^,%_"^]*$/.test(value) && !/^(empty|null)$/i.test(value)
    ? value
    : `"${value.replace(/[\^"]/g, "^$&")}"`;
}

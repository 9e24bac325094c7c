// One cell as text, and which of the four states it is in: late, missing and zero look different.
import type { Cell, Field } from "../api/types";
import { timeText } from "./date";
import { fullDigits, type Lang } from "./number";

export interface Shown {
  text: string;
  state: "value" | "null" | "not_arrived" | "incomplete";
}

export interface CellWords {
  lang: Lang;
  notArrived: string;
  yes: string;
  no: string;
  yearNow: number;
}

/** Shows `cell` of `field` in full digits. A cell that is not there is NULL. */
export function showCell(cell: Cell | undefined, field: Field, words: CellWords): Shown {
  if (cell?.state === "not_arrived") return { text: words.notArrived, state: "not_arrived" };
  if (!cell || cell.value === null) return { text: "–", state: "null" };
  const state = cell.state === "incomplete" ? "incomplete" : "value";
  return { text: valueText(cell, field, words), state };
}

function valueText(cell: Cell, field: Field, words: CellWords): string {
  const { value, rendered } = cell;
  if (field.type.startsWith("date") && typeof value === "string")
    return timeText(value, field.type, words.lang, words.yearNow);
  if (field.type === "yesno") return yesNo(value, words);
  if (rendered !== undefined) return rendered.replace(/^-/, "−");
  if (field.measure && (typeof value === "number" || typeof value === "string"))
    return fullDigits(value);
  return String(value).replace(/^-(?=\d)/, field.is_numeric ? "−" : "-");
}

function yesNo(value: Cell["value"], words: CellWords): string {
  const yes = value === true || value === "Yes" || value === "true" || value === 1;
  return yes ? words.yes : words.no;
}

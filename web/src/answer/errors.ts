// Where each diagnostic of a refused question belongs on the page, and its text: the same words and
// the same caret as on the command line.
import type { Diagnostic } from "../api/types";
import type { Problem } from "../api/client";
import type { Question } from "../question/question";

export interface Placed {
  filters: Map<string, Diagnostic>;
  fields: Map<string, Diagnostic>;
  general: Diagnostic[];
}

/** Puts errors at filters and fields of the question; what has no place there is `general`. */
export function placeErrors(problem: Problem | null, question: Question): Placed {
  const placed: Placed = { filters: new Map(), fields: new Map(), general: [] };
  if (!problem) return placed;
  for (const error of problem.errors) {
    const filter = filterOf(error.field, question);
    const field = fieldOf(error.field, question);
    if (filter !== null && !placed.filters.has(filter)) placed.filters.set(filter, error);
    else if (field !== null && !placed.fields.has(field)) placed.fields.set(field, error);
    else placed.general.push(error);
  }
  if (problem.errors.length === 0)
    placed.general.push({ field: null, code: "", message: problem.message });
  return placed;
}

function filterOf(place: string | null, question: Question): string | null {
  const match = /^filters(?:\.(.+)|\[["']?(.+?)["']?\])$/.exec(place ?? "");
  const name = match?.[1] ?? match?.[2];
  return name !== undefined && name in question.filters ? name : null;
}

function fieldOf(place: string | null, question: Question): string | null {
  const index = /^fields\[(\d+)\]$/.exec(place ?? "")?.[1];
  return index === undefined ? null : (question.fields[Number(index)] ?? null);
}

/** The text that a place of the query body holds, for showing the caret under it. */
export function textAt(place: string | null, question: Question): string | null {
  const filter = filterOf(place, question);
  if (filter !== null) return question.filters[filter] ?? null;
  const sort = /^sorts\[(\d+)\]$/.exec(place ?? "")?.[1];
  if (sort !== undefined) return question.sorts[Number(sort)] ?? null;
  return fieldOf(place, question);
}

const isWide = (char: string): boolean => (char.codePointAt(0) ?? 0) > 0x2e7f;

/** The line of `text` that the span is in and the caret line under it; null without a span. */
export function caret(
  error: Diagnostic,
  text: string | null,
): { line: string; mark: string } | null {
  const span = error.span;
  if (!span || text === null) return null;
  const line = text.split("\n")[span.line - 1];
  if (line === undefined) return null;
  const chars = [...line];
  const width = (part: string[]): number => part.reduce((sum, c) => sum + (isWide(c) ? 2 : 1), 0);
  const from = Math.min(span.column - 1, chars.length);
  const to = Math.min(from + Math.max(span.length, 1), chars.length);
  const marked = Math.max(1, width(chars.slice(from, to)));
  return { line, mark: " ".repeat(width(chars.slice(0, from))) + "^".repeat(marked) };
}

/** One line as the command line prints it: `error: message (hint)`. */
export function errorLine(error: Diagnostic): string {
  return error.hint ? `error: ${error.message} (${error.hint})` : `error: ${error.message}`;
}

// The figure at the head of an answer: the latest complete value with its comparisons when
// there is a time axis, the largest group when there is one group, or the only row's value.
import type { Detail, Field, Row } from "../api/types";
import { addDays, addMonths } from "../format/date";
import { percentChange, toNumber } from "../format/number";
import { isTimeAxis } from "../question/defaults";

export interface Comparison {
  kind: "week" | "year" | "previous";
  change: string;
}

/** `at` is the row's dimension cell: the time or the group; null for a single figure. */
export interface Kpi {
  value: number;
  rendered: string | null;
  measure: Field;
  at: { field: Field; value: string } | null;
  comparisons: Comparison[];
}

const key = (row: Row, field: Field): string => String(row[field.name]?.value ?? "");

function complete(row: Row, measure: Field): number | null {
  const cell = row[measure.name];
  return cell && cell.state === undefined ? toNumber(cell.value) : null;
}

function candidates(at: string, type: string): [Comparison["kind"], string | null][] {
  if (type === "date_date")
    return [
      ["week", addDays(at, -7)],
      ["year", addDays(at, -364)],
    ];
  if (type === "date_week") return [["previous", addDays(at, -7)]];
  if (type === "date_month") return [["previous", addMonths(at, -1)]];
  return [];
}

function overTime(rows: Row[], time: Field, measure: Field): Kpi | null {
  const known = rows.filter((row) => complete(row, measure) !== null && key(row, time) !== "");
  const last = known.reduce<Row | null>(
    (best, row) => (best === null || key(row, time) > key(best, time) ? row : best),
    null,
  );
  const value = last && complete(last, measure);
  if (last === null || value === null) return null;
  const byTime = new Map(known.map((row) => [key(row, time), row]));
  const comparisons = candidates(key(last, time), time.type).flatMap(([kind, at]) => {
    const before = at === null ? undefined : byTime.get(at);
    const old = before && complete(before, measure);
    const change = old === undefined || old === null ? null : percentChange(value, old);
    return change === null ? [] : [{ kind, change }];
  });
  return {
    ...figure(last, measure, value),
    at: { field: time, value: key(last, time) },
    comparisons,
  };
}

function figure(row: Row, measure: Field, value: number): Kpi {
  const rendered = row[measure.name]?.rendered ?? null;
  return { value, rendered, measure, at: null, comparisons: [] };
}

/** Null when no one figure answers the question (several groups, no measure, no rows). */
export function kpiOf(detail: Detail): Kpi | null {
  const measure = detail.fields.measures[0];
  const dimensions = detail.fields.dimensions;
  const first = dimensions[0];
  if (!measure || detail.data.length === 0 || dimensions.length > 1) return null;
  if (first && isTimeAxis(first)) return overTime(detail.data, first, measure);
  const rows = detail.data.filter((row) => complete(row, measure) !== null);
  const top = rows.reduce<Row | null>(
    (best, row) =>
      best === null || (complete(row, measure) ?? 0) > (complete(best, measure) ?? 0) ? row : best,
    null,
  );
  const value = top && complete(top, measure);
  if (top === null || value === null) return null;
  const base = figure(top, measure, value);
  return first ? { ...base, at: { field: first, value: key(top, first) } } : base;
}

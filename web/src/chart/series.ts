// From the rows of an answer to the series of a picture: one x axis, one line per measure or,
// with a second dimension, one per group. Pure, in the order of time whatever the table's order
// is.
import type { Detail, Field, Row } from "../api/types";
import { toNumber } from "../format/number";
import { isTimeAxis } from "../question/defaults";

export type PointState = "complete" | "incomplete" | "not_arrived";

export interface Series {
  name: string;
  measure: Field;
  values: (number | null)[];
  states: PointState[];
}

export interface Drawing {
  axis: Field;
  time: boolean;
  xs: string[];
  series: Series[];
  /** How many series were too many, and how many rows were too many. */
  hiddenSeries: number;
  hiddenRows: number;
}

export const seriesMax = 8;
export const barsMax = 12;

const text = (row: Row, field: Field): string => String(row[field.name]?.value ?? "–");

/** A drawing needs a dimension and a measure; null when there is nothing to draw. */
export function drawingOf(detail: Detail, labels: Map<string, string>): Drawing | null {
  const { dimensions, measures } = detail.fields;
  const axis = dimensions.find(isTimeAxis) ?? dimensions[0];
  if (!axis || measures.length === 0 || detail.data.length === 0) return null;
  const time = isTimeAxis(axis);
  const groups = dimensions.filter((field) => field !== axis);
  const rows = time ? detail.data : detail.data.slice(0, groups.length > 0 ? undefined : barsMax);
  const usable = rows.filter((row) => !time || row[axis.name]?.value != null);
  let xs = [...new Set(usable.map((row) => text(row, axis)))];
  if (time) xs = xs.sort();
  else xs = xs.slice(0, barsMax);
  const hiddenRows = time ? 0 : new Set(detail.data.map((row) => text(row, axis))).size - xs.length;
  const series = build({ rows: usable, axis, xs, groups, measures, labels });
  const shown = series.slice(0, seriesMax);
  return { axis, time, xs, series: shown, hiddenSeries: series.length - shown.length, hiddenRows };
}

interface Parts {
  rows: Row[];
  axis: Field;
  xs: string[];
  groups: Field[];
  measures: Field[];
  labels: Map<string, string>;
}

function build({ rows, axis, xs, groups, measures, labels }: Parts): Series[] {
  const place = new Map(xs.map((x, index) => [x, index]));
  const made = new Map<string, Series>();
  for (const row of rows) {
    const index = place.get(text(row, axis));
    if (index === undefined) continue;
    for (const measure of groups.length > 0 ? measures.slice(0, 1) : measures) {
      const label = labels.get(measure.name) ?? measure.label_short;
      const name = groups.length > 0 ? groups.map((g) => text(row, g)).join(" · ") : label;
      const id = groups.length > 0 ? name : measure.name;
      let one = made.get(id);
      if (!one) {
        const states = new Array<PointState>(xs.length).fill("complete");
        one = { name, measure, values: new Array<number | null>(xs.length).fill(null), states };
        made.set(id, one);
      }
      const cell = row[measure.name];
      one.values[index] = toNumber(cell?.value);
      one.states[index] = cell?.state ?? "complete";
    }
  }
  const total = (one: Series): number => one.values.reduce<number>((sum, v) => sum + (v ?? 0), 0);
  const all = [...made.values()];
  return groups.length > 0 ? all.sort((a, b) => total(b) - total(a)) : all;
}

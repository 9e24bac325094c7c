// From rows to the option of a chart.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Detail, Row } from "../api/types";
import { field } from "../question/sample";
import { chartHeight, chartOption, dayTicks, shorten, splitLate, type Palette } from "./option";
import { barsMax, drawingOf, seriesMax, type Drawing } from "./series";
import { escapeHtml, tooltipHtml } from "./tooltip";

const time = field("c.day", "date_date");
const group = field("u.p", "string");
const count = field("u.n", "count", { measure: true, is_numeric: true });
const palette: Palette = {
  ...{ series: ["#1", "#2"], ink: "#i", hint: "#h", line: "#l", lineStrong: "#s" },
  ...{ sunken: "#k", surface: "#f", font: "x" },
};
const words = {
  lang: "ja",
  notArrived: "未到着",
  incomplete: "途中",
  yearNow: 2026,
  width: 900,
} as const;

function detail(dimensions: Detail["fields"]["dimensions"], data: Row[]): Detail {
  return {
    ...{ id: "x", fields: { dimensions, measures: [count] }, data, sql: "", runtime: 0 },
    ...{ ran_at: "", truncated: false, applied_filters: {}, proof: [], timezone: "UTC" },
    freshness: null,
  };
}
function draw(dimensions: Detail["fields"]["dimensions"], data: Row[]): Drawing {
  const drawing = drawingOf(detail(dimensions, data), new Map([["u.n", "人数"]]));
  assert.ok(drawing);
  return drawing;
}
const late: Row[] = [
  { "c.day": { value: "2026-11-04" }, "u.n": { value: null, state: "not_arrived" } },
  { "c.day": { value: "2026-11-03" }, "u.n": { value: 2, state: "incomplete" } },
  { "c.day": { value: "2026-11-02" }, "u.n": { value: 6 } },
  { "c.day": { value: "2026-11-01" }, "u.n": { value: 5 } },
];

test("time runs from left to right whatever the table's order is", () => {
  const drawing = draw([time], late);
  assert.deepEqual(drawing.xs, ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"]);
  assert.deepEqual(drawing.series[0]?.values, [5, 6, 2, null]);
  assert.equal(drawing.series[0]?.name, "人数");
});

test("a late period is a dashed tail, what has not arrived a named gap", () => {
  const drawing = draw([time], late);
  const [one] = drawing.series;
  assert.ok(one);
  assert.deepEqual(splitLate(one), { solid: [5, 6, null, null], tail: [null, 6, 2, null] });
  const option = chartOption(drawing, "line", palette, words);
  assert.ok(Array.isArray(option.series) && option.series.length === 2);
  const text = JSON.stringify(option.series);
  assert.ok(text.includes("未到着") && text.includes('"type":[3,3]'));
});

test("bars hatch what is in progress and start at zero", () => {
  const option = chartOption(draw([time], late), "bar", palette, words);
  assert.ok(JSON.stringify(option.series).includes("decal"));
  assert.ok(!JSON.stringify(option.yAxis).includes('"scale":true'));
});

test("a second dimension makes one line per group, the largest first, few enough to read", () => {
  const rows: Row[] = Array.from({ length: 12 }, (_, i) => ({
    ...{ "c.day": { value: "2026-11-01" }, "u.p": { value: `g${i}` }, "u.n": { value: i } },
  }));
  const drawing = draw([time, group], rows);
  assert.equal(drawing.series.length, seriesMax);
  assert.equal(drawing.hiddenSeries, 12 - seriesMax);
  assert.equal(drawing.series[0]?.name, "g11");
});

test("groups lie flat with their first rows, and nothing without a measure", () => {
  const rows: Row[] = Array.from({ length: 30 }, (_, i) => ({
    ...{ "u.p": { value: `g${i}` }, "u.n": { value: 30 - i } },
  }));
  const drawing = draw([group], rows);
  assert.equal(drawing.xs.length, barsMax);
  assert.equal(drawing.hiddenRows, 30 - barsMax);
  assert.ok(chartHeight(drawing, true) < 400);
  const bare = { ...detail([group], rows), fields: { dimensions: [group], measures: [] } };
  assert.equal(drawingOf(bare, new Map()), null);
  assert.equal(drawingOf(detail([group], []), new Map()), null);
});

test("a long daily axis is labelled at months, a short one on Mondays", () => {
  const days = (count: number): string[] =>
    Array.from({ length: count }, (_, i) =>
      new Date(Date.UTC(2026, 8, 1 + i)).toISOString().slice(0, 10),
    );
  const labelled = (xs: string[]): string[] => {
    const ticks = dayTicks(xs);
    return ticks === "auto" ? [] : xs.filter((_, i) => ticks(i));
  };
  assert.deepEqual(labelled(days(90)), ["2026-09-01", "2026-10-01", "2026-11-01"]);
  assert.deepEqual(labelled(days(14)), ["2026-09-07", "2026-09-14"]);
  assert.equal(dayTicks(days(5)), "auto");
});

test("names are shortened to their room, and data never becomes HTML", () => {
  assert.equal(shorten("短い", 100), "短い");
  assert.ok(shorten("とても長い名前のグループです", 80).endsWith("…"));
  assert.equal(escapeHtml(`<a href="x">&`), "&lt;a href=&quot;x&quot;&gt;&amp;");
  const rows: Row[] = [{ "u.p": { value: "<img>" }, "u.n": { value: 1234 } }];
  const html = tooltipHtml(draw([group], rows), 0, (x) => x, { palette, words });
  assert.ok(html.includes("&lt;img&gt;") && html.includes("1,234") && !html.includes("<img>"));
});

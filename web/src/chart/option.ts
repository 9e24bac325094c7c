// The one builder of chart options: a drawing (chart/series.ts) and a palette → an ECharts
// option. Pure and without the DOM, so that the server can draw the same picture later. Few
// grid lines, names at the line's end up to four series, late periods dashed or hatched, what
// has not arrived is a gap.
import type { BarSeriesOption, EChartsOption, LineSeriesOption } from "echarts";
import { axisTime, timeText } from "../format/date";
import { axisNumber, fullDigits, type Lang } from "../format/number";
import type { Drawing, Series } from "./series";
import { tooltipHtml } from "./tooltip";

export interface Palette {
  series: string[];
  ink: string;
  hint: string;
  line: string;
  lineStrong: string;
  sunken: string;
  surface: string;
  font: string;
}

export interface ChartWords {
  lang: Lang;
  notArrived: string;
  incomplete: string;
  yearNow: number;
  /** Of the picture in px: on a narrow one the only line goes without its name. */
  width: number;
}

const narrowBelow = 480;

export const directLabelsMax = 4;

/** The height in px that the picture needs. */
export function chartHeight(drawing: Drawing, bars: boolean): number {
  if (drawing.time || !bars) return drawing.series.length > directLabelsMax ? 290 : 260;
  const rows = drawing.xs.length * Math.max(1, drawing.series.length * 0.7);
  return Math.max(120, Math.round(rows * 26) + (drawing.series.length > 1 ? 64 : 36));
}

/** A rough width in px of text at 11 px, for leaving room beside the grid. */
export function textWidth(text: string): number {
  return [...text].reduce((sum, char) => sum + (char > "⺀" ? 11.2 : 6.4), 0);
}

export function shorten(text: string, widthMax: number): string {
  if (textWidth(text) <= widthMax) return text;
  let short = "";
  for (const char of text) {
    if (textWidth(short + char) > widthMax - 11) break;
    short += char;
  }
  return `${short}…`;
}

/** Which x get a label: Mondays of a short daily axis, firsts of the month of a long one. */
export function dayTicks(xs: string[]): ((index: number) => boolean) | "auto" {
  if (xs.length < 12 || !xs.every((x) => /^\d{4}-\d{2}-\d{2}$/.test(x))) return "auto";
  const monthly = (index: number): boolean => xs[index]?.endsWith("-01") ?? false;
  const monday = (index: number): boolean => new Date(`${xs[index]}T00:00Z`).getUTCDay() === 1;
  const firsts = xs.filter((_, index) => monthly(index)).length;
  if (xs.length <= 45) return monday;
  const every = Math.ceil(firsts / 12);
  return (index) => monthly(index) && (Number(xs[index]?.slice(5, 7)) - 1) % every === 0;
}

const colour = (palette: Palette, index: number): string =>
  palette.series[index % palette.series.length] ?? palette.ink;

function axes(drawing: Drawing, bars: boolean, palette: Palette, words: ChartWords): EChartsOption {
  const label = { color: palette.hint, fontSize: 11, fontFamily: palette.font };
  const flat = !drawing.time && bars;
  const name = (x: string): string =>
    drawing.time ? axisTime(x, drawing.axis.type, words.lang) : shorten(x, flat ? 150 : 90);
  const ticks = dayTicks(drawing.xs);
  const category = {
    type: "category" as const,
    data: drawing.xs,
    inverse: flat,
    boundaryGap: bars,
    axisLine: { lineStyle: { color: palette.lineStrong } },
    axisTick: { show: !flat, alignWithLabel: true, interval: ticks, length: 4 },
    axisLabel: {
      ...label,
      formatter: name,
      hideOverlap: true,
      interval: flat ? 0 : ticks,
      ...(flat ? { color: palette.ink, fontSize: 12 } : {}),
    },
  };
  const value = {
    type: "value" as const,
    splitNumber: 4,
    minInterval: drawing.series.every((one) => one.values.every((v) => Number.isInteger(v ?? 0)))
      ? 1
      : 0,
    splitLine: { lineStyle: { color: palette.line } },
    axisLabel: { ...label, formatter: (v: number) => axisNumber(v, words.lang), hideOverlap: true },
  };
  return flat
    ? {
        xAxis: { ...value, splitLine: { show: false }, axisLabel: { show: false } },
        yAxis: category,
      }
    : { xAxis: category, yAxis: value };
}

/** Splits a line in two: what is complete, and the dashed tail that is still in progress. */
export function splitLate(series: Series): {
  solid: (number | null)[];
  tail: (number | null)[] | null;
} {
  const late = series.states.map((state) => state === "incomplete");
  if (!late.includes(true)) return { solid: series.values, tail: null };
  const joins = (i: number): boolean => late[i + 1] === true || late[i - 1] === true;
  return {
    solid: series.values.map((value, i) => (late[i] ? null : value)),
    tail: series.values.map((value, i) => (late[i] || joins(i) ? value : null)),
  };
}

function gaps(drawing: Drawing, palette: Palette, words: ChartWords): LineSeriesOption["markArea"] {
  const states = drawing.xs.map((_, i) =>
    drawing.series.some((s) => s.states[i] === "not_arrived"),
  );
  const from = states.indexOf(true);
  if (from < 0 || drawing.xs.length < 2) return undefined;
  const to = states.lastIndexOf(true);
  return {
    silent: true,
    itemStyle: { color: palette.sunken },
    label: { color: palette.hint, fontSize: 11, position: "insideBottom" },
    data: [
      [
        { name: words.notArrived, xAxis: drawing.xs[Math.max(0, from - 1)] ?? "" },
        { xAxis: drawing.xs[to] ?? "" },
      ],
    ],
  };
}

function lines(drawing: Drawing, palette: Palette, words: ChartWords): LineSeriesOption[] {
  const direct = named(drawing, words);
  return drawing.series.flatMap((one, index) => {
    const { solid, tail } = splitLate(one);
    const paint = colour(palette, index);
    const alone = drawing.xs.length === 1;
    const endLabel = {
      show: direct,
      formatter: () => shorten(one.name, 110),
      color: paint,
      fontSize: 11,
      fontWeight: 600,
      fontFamily: palette.font,
      distance: 8,
    } as const;
    const base: LineSeriesOption = {
      type: "line",
      name: one.name,
      color: paint,
      showSymbol: alone,
      symbol: "circle",
      symbolSize: 6,
      connectNulls: false,
      animation: false,
      emphasis: { disabled: true },
      labelLayout: { moveOverlap: "shiftY" },
    };
    const area = drawing.series.length === 1 ? { areaStyle: { opacity: 0.09 } } : {};
    const mark = index === 0 ? gaps(drawing, palette, words) : undefined;
    const solidLine: LineSeriesOption = {
      ...base,
      ...area,
      data: solid,
      lineStyle: { width: 2, cap: "round", join: "round" },
      endLabel: { ...endLabel, show: direct && tail === null },
      ...(mark ? { markArea: mark } : {}),
    };
    if (tail === null) return [solidLine];
    const dashed = { width: 1.6, type: [3, 3] };
    return [solidLine, { ...base, data: tail, lineStyle: dashed, endLabel }];
  });
}

function barSeries(drawing: Drawing, palette: Palette): BarSeriesOption[] {
  const flat = !drawing.time;
  return drawing.series.map((one, index) => ({
    type: "bar",
    name: one.name,
    color: colour(palette, index),
    barMaxWidth: flat ? 20 : 36,
    barCategoryGap: flat ? "28%" : "24%",
    animation: false,
    emphasis: { disabled: true },
    itemStyle: { borderRadius: flat ? [0, 3, 3, 0] : [3, 3, 0, 0] },
    label: {
      show: flat,
      position: "right",
      color: palette.ink,
      fontSize: 11,
      fontFamily: palette.font,
      formatter: ({ value }) => (typeof value === "number" ? fullDigits(value) : ""),
    },
    data: one.values.map((value, i) =>
      one.states[i] === "incomplete"
        ? { value: value ?? "-", itemStyle: { opacity: 0.55, decal: hatch(palette) } }
        : (value ?? "-"),
    ),
  }));
}

const hatch = (palette: Palette): object => ({
  symbol: "rect",
  color: palette.surface,
  dashArrayX: [1, 0],
  dashArrayY: [3, 4],
  rotation: -Math.PI / 4,
});

/** Do the lines carry their names at their ends? */
function named(drawing: Drawing, words: ChartWords): boolean {
  if (drawing.series.length === 1) return words.width >= narrowBelow;
  return drawing.series.length <= directLabelsMax;
}

function room(drawing: Drawing, bars: boolean, legend: boolean, words: ChartWords): object {
  const flat = !drawing.time && bars;
  const widest = Math.max(0, ...drawing.series.map((one) => textWidth(shorten(one.name, 110))));
  if (flat) {
    const left = Math.max(0, ...drawing.xs.map((x) => textWidth(shorten(x, 150)) * 1.1)) + 12;
    return { left, right: 76, top: legend ? 36 : 8, bottom: 8, outerBoundsMode: "none" };
  }
  const right = !bars && named(drawing, words) ? widest + 20 : 16;
  return { left: 52, right, top: legend ? 40 : 14, bottom: 28, outerBoundsMode: "none" };
}

/** Builds the option of a line or bar chart. */
export function chartOption(
  drawing: Drawing,
  vis: "line" | "bar",
  palette: Palette,
  words: ChartWords,
): EChartsOption {
  const bars = vis === "bar";
  const legend = drawing.series.length > (bars ? 1 : directLabelsMax);
  const title = (x: string): string =>
    drawing.time ? timeText(x, drawing.axis.type, words.lang, words.yearNow) : x;
  return {
    ...axes(drawing, bars, palette, words),
    grid: room(drawing, bars, legend, words),
    textStyle: { fontFamily: palette.font },
    legend: {
      show: legend,
      type: "scroll",
      left: 0,
      top: 4,
      icon: "roundRect",
      itemWidth: 12,
      itemHeight: 3,
      textStyle: { color: palette.ink, fontSize: 11 },
    },
    tooltip: {
      trigger: "axis",
      transitionDuration: 0,
      confine: true,
      backgroundColor: palette.surface,
      borderColor: palette.lineStrong,
      padding: [8, 10],
      textStyle: { color: palette.ink, fontSize: 12, fontFamily: palette.font },
      axisPointer: bars ? { type: "shadow" } : { type: "line", lineStyle: { color: palette.hint } },
      formatter: (params) => {
        const one = Array.isArray(params) ? params[0] : params;
        return one ? tooltipHtml(drawing, one.dataIndex, title, { palette, words }) : "";
      },
    },
    series: bars ? barSeries(drawing, palette) : lines(drawing, palette, words),
  };
}

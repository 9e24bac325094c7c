// What stands on an answer: places of errors, the head figure, freshness, rows in sight.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Detail, Field, Row } from "../api/types";
import { emptyQuestion } from "../question/question";
import { field } from "../question/sample";
import { caret, errorLine, placeErrors, textAt } from "./errors";
import { freshnessOfTables, isLate } from "./freshness";
import { kpiOf } from "./kpi";
import { windowOf } from "./window";

const question = {
  ...emptyQuestion("shop", "users_now"),
  fields: ["users_now.prefectur", "users_now.count"],
  filters: { "users_now.created_date": "ninety days" },
  sorts: ["users_now.x desc"],
};
const refused = (errors: { field: string | null; message: string }[]) => ({
  ...({ kind: "refused", status: 422, message: "top" } as const),
  errors: errors.map((error) => ({ code: "c", ...error })),
});

test("errors go to the filter or field they name, the rest stays general", () => {
  const placed = placeErrors(
    refused([
      { field: "filters.users_now.created_date", message: "a" },
      { field: "fields[0]", message: "b" },
      { field: "filters.users_now.gone", message: "c" },
      { field: "sorts[0]", message: "d" },
      { field: null, message: "e" },
    ]),
    question,
  );
  assert.deepEqual([...placed.filters.keys()], ["users_now.created_date"]);
  assert.deepEqual([...placed.fields.keys()], ["users_now.prefectur"]);
  assert.deepEqual(
    placed.general.map((error) => error.message),
    ["c", "d", "e"],
  );
});

test("a refusal without details shows its message; no problem shows nothing", () => {
  assert.deepEqual(placeErrors(refused([]), question).general[0]?.message, "top");
  assert.equal(placeErrors(null, question).general.length, 0);
});

test("the caret stands under what it means, wide letters count two", () => {
  const span = { file: "f", line: 1, column: 4, length: 3 };
  const error = { field: "x", code: "c", message: "m", span };
  assert.deepEqual(caret(error, "東京,abc,d"), { line: "東京,abc,d", mark: "     ^^^" });
  assert.deepEqual(caret(error, "ab"), { line: "ab", mark: "  ^" });
  assert.equal(caret({ ...error, span: null }, "ab"), null);
  assert.equal(caret({ ...error, span: { ...span, line: 9 } }, "ab"), null);
  assert.equal(textAt("sorts[0]", question), "users_now.x desc");
  assert.equal(textAt("fields[0]", question), "users_now.prefectur");
  assert.equal(errorLine({ ...error, hint: "h" }), "error: m (h)");
});

const time = field("c.day", "date_date");
const group = field("u.p", "string");
const count = field("u.n", "count", { measure: true, is_numeric: true });
function detail(dimensions: Field[], data: Row[]): Detail {
  return {
    ...{ id: "x", fields: { dimensions, measures: [count] }, data, sql: "", runtime: 0 },
    ...{ ran_at: "2026-11-22T00:00:00Z", truncated: false, applied_filters: {}, proof: [] },
    ...{ timezone: "Asia/Tokyo", freshness: null },
  };
}
const on = (day: string, value: number | null, state?: "incomplete" | "not_arrived"): Row => ({
  "c.day": { value: day },
  "u.n": state ? { value, state } : { value },
});

test("the figure is the latest complete day, beside the same weekday of the week and year before", () => {
  const kpi = kpiOf(
    detail(
      [time],
      [
        on("2026-11-23", null, "not_arrived"),
        on("2026-11-22", 3, "incomplete"),
        on("2026-11-21", 110),
        on("2026-11-14", 100),
        on("2025-11-22", 55),
      ],
    ),
  );
  assert.equal(kpi?.at?.value, "2026-11-21");
  assert.equal(kpi.value, 110);
  assert.deepEqual(kpi.comparisons, [
    { kind: "week", change: "+10.0%" },
    { kind: "year", change: "+100.0%" },
  ]);
});

test("of groups the largest, of one row its value, of nothing nothing", () => {
  const rows: Row[] = [
    { "u.p": { value: "b" }, "u.n": { value: 2 } },
    { "u.p": { value: "a" }, "u.n": { value: 9 } },
  ];
  assert.equal(kpiOf(detail([group], rows))?.at?.value, "a");
  assert.equal(kpiOf(detail([], [{ "u.n": { value: 7 } }]))?.value, 7);
  assert.equal(kpiOf(detail([group], [])), null);
  assert.equal(kpiOf(detail([time, group], rows)), null);
  assert.equal(kpiOf(detail([time], [on("2026-11-22", 3, "incomplete")])), null);
});

test("data is late after 26 hours, and the oldest table decides", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  assert.equal(isLate("2026-11-21T10:00:00Z", now), false);
  assert.equal(isLate("2026-11-21T09:59:59Z", now), true);
  assert.equal(isLate(null, now), false);
  const at = (table: string, hour: string) => ({
    ...{ table, complete_through: `2026-11-22T${hour}:00:00Z`, read_at: null },
  });
  const all = freshnessOfTables([at("a", "04"), at("b", "03")]);
  assert.equal(all?.complete_through, "2026-11-22T03:00:00Z");
  assert.equal(freshnessOfTables([]), null);
});

test("only the rows in sight are drawn, and the scroll height stays", () => {
  for (const scroll of [0, 10, 5000, 139_000, 140_000, 999_999]) {
    const part = windowOf(scroll, 400, 5000, 28);
    const drawn = part.last - part.first;
    assert.ok(drawn > 0 && drawn < 60, `${drawn} rows at ${scroll}`);
    assert.equal(part.before + drawn * 28 + part.after, 140_000);
  }
  assert.deepEqual(windowOf(0, 400, 3, 28), { first: 0, last: 3, before: 0, after: 0 });
});

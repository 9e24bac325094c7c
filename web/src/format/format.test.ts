// Numbers, dates and cells as text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { field } from "../question/sample";
import { showCell } from "./cell";
import * as d from "./date";
import * as n from "./number";

test("full digits keep every digit and use a true minus", () => {
  assert.equal(n.fullDigits(1234567), "1,234,567");
  assert.equal(n.fullDigits("-98765432109876543210.50"), "−98,765,432,109,876,543,210.50");
  assert.equal(n.fullDigits(0), "0");
  assert.equal(n.fullDigits(1e21), "1,000,000,000,000,000,000,000");
  assert.equal(n.fullDigits(999), "999");
});

test("万 and 億 begin at six digits", () => {
  const cases: [number, string, string][] = [
    [14694, "14,694", "14,694"],
    [99999, "99,999", "99,999"],
    [123456, "12.3万", "123k"],
    [100000, "10万", "100k"],
    [28630000, "2,863万", "28.6M"],
    [206000000, "2.06億", "206M"],
    [-206000000, "−2.06億", "−206M"],
    [1.5, "1.5", "1.5"],
    [3e12, "3兆", "3,000B"],
  ];
  for (const [value, inJa, inEn] of cases) {
    assert.equal(n.shortNumber(value, "ja"), inJa);
    assert.equal(n.shortNumber(value, "en"), inEn);
  }
});

test("axis labels are short", () => {
  assert.deepEqual(
    [5000, 15000, 2e8, 0, -20000, 15e6].map((v) => n.axisNumber(v, "ja")),
    [...["5,000", "1.5万", "2億", "0", "−2万", "1,500万"]],
  );
  assert.deepEqual(
    [15000, 250000, 2e6].map((v) => n.axisNumber(v, "en")),
    [...["15,000", "250k", "2M"]],
  );
});

test("changes in percent have one decimal and a sign", () => {
  assert.equal(n.percentChange(14694, 11521), "+27.5%");
  assert.equal(n.percentChange(99.5, 100), "−0.5%");
  assert.equal(n.percentChange(100, 100), "±0.0%");
  assert.equal(n.percentChange(1, 0), null);
});

test("numbers are read from numbers and texts only", () => {
  assert.deepEqual(["12.5", 3, "", "x", null, true].map(n.toNumber), [
    12.5,
    3,
    null,
    null,
    null,
    null,
  ]);
});

test("dates are written as the reader's language does", () => {
  const cases: [string, string, string, string][] = [
    ["2026-11-21", "date_date", "11/21（土）", "Nov 21 (Sat)"],
    ["2025-11-21", "date_date", "2025/11/21（金）", "Nov 21, 2025 (Fri)"],
    ["2026-11-16", "date_week", "11/16（月）の週", "Week of Nov 16 (Mon)"],
    ["2026-11", "date_month", "2026年11月", "Nov 2026"],
    ["2026-10-01", "date_quarter", "2026年 第4四半期", "Q4 2026"],
    ["2026-Q2", "date_quarter", "2026年 第2四半期", "Q2 2026"],
    ["2026", "date_year", "2026年", "2026"],
    ["2026-11-21 04", "date_hour", "11/21（土） 4時", "Nov 21 (Sat) 04:00"],
    ["2026-11-21 04:34:10", "date_time", "11/21（土） 04:34:10", "Nov 21 (Sat) 04:34:10"],
    ["not a date", "date_date", "not a date", "not a date"],
    ["2026-13-01", "date_date", "2026-13-01", "2026-13-01"],
  ];
  for (const [value, type, inJa, inEn] of cases) {
    assert.equal(d.timeText(value, type, "ja", 2026), inJa);
    assert.equal(d.timeText(value, type, "en", 2026), inEn);
  }
});

test("axis times, weekdays and steps of days and months", () => {
  assert.equal(d.axisTime("2026-11-01", "date_date", "ja"), "11/1");
  assert.equal(d.axisTime("2026-11", "date_month", "ja"), "2026/11");
  assert.equal(d.axisTime("2026-11-01", "date_date", "en"), "Nov 1");
  assert.equal(d.weekdayName("2026-11-21", "ja"), "土曜");
  assert.equal(d.addDays("2026-03-01", -1), "2026-02-28");
  assert.equal(d.addDays("x", 1), null);
  assert.equal(d.addMonths("2026-01", -1), "2025-12");
});

test("instants are shown in the question's zone", () => {
  assert.equal(d.instantText("2026-11-21T19:34:00Z", "Asia/Tokyo", "ja"), "11/22 04:34");
  assert.equal(d.instantText("2026-11-21T15:00:00Z", "Asia/Tokyo", "en"), "Nov 22 00:00");
  assert.equal(d.instantText(null, "Asia/Tokyo", "ja"), "");
  assert.equal(d.instantText("rubbish", "Asia/Tokyo", "ja"), "");
  assert.equal(d.dayIn("2026-11-21T19:34:00Z", "Asia/Tokyo"), "2026-11-22");
});

test("late, missing and zero are three different texts", () => {
  const look = {
    lang: "ja",
    notArrived: "未到着",
    yes: "はい",
    no: "いいえ",
    yearNow: 2026,
  } as const;
  const count = field("a.c", "count", { measure: true, is_numeric: true });
  const show = (cell: Parameters<typeof showCell>[0], of = count) => showCell(cell, of, look);
  assert.deepEqual(show({ value: 0 }), { text: "0", state: "value" });
  assert.deepEqual(show({ value: null }), { text: "–", state: "null" });
  assert.deepEqual(show(undefined), { text: "–", state: "null" });
  assert.deepEqual(show({ value: null, state: "not_arrived" }), {
    ...{ text: "未到着", state: "not_arrived" },
  });
  assert.deepEqual(show({ value: 1204, rendered: "1,204", state: "incomplete" }), {
    ...{ text: "1,204", state: "incomplete" },
  });
  assert.equal(show({ value: "18446744073709551615" }).text, "18,446,744,073,709,551,615");
  assert.equal(show({ value: -5, rendered: "-¥5" }).text, "−¥5");
  assert.equal(show({ value: 2026 }, field("a.y", "number", { is_numeric: true })).text, "2026");
  assert.equal(show({ value: "Yes" }, field("a.b", "yesno")).text, "はい");
  assert.equal(show({ value: "2026-11-21" }, field("a.d", "date_date")).text, "11/21（土）");
});

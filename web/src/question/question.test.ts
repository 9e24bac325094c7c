// The question and its address, its defaults, and its words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "../words/en";
import { ja } from "../words/ja";
import { bodyOf, examplesOf, fieldsOf, fillOf, sortsOf, visOf } from "./defaults";
import { fieldTree } from "./field_tree";
import { filterText, literalTerm, splitTerms } from "./filter_words";
import { columnLabels, fieldLabel } from "./labels";
import * as q from "./question";
import { field, sample } from "./sample";
import { sentence } from "./sentence";

const fields = fieldsOf(sample);
const base = q.emptyQuestion("shop", "users_daily");
const day = "calendar.day_date";
const users = "user_days.unique_users";
const prefecture = "users.prefecture";
const said = (question: q.Question, lang: "ja" | "en"): string =>
  sentence(question, fields, lang === "ja" ? ja : en, lang)
    .map((piece) => piece.text)
    .join("");
const read = (url: string): q.Question | null => {
  const at = new URL(url, "http://kura.test");
  return q.readUrl(at.pathname, at.search);
};

test("an address in Looker's style is read", () => {
  const got = read(
    "/explore/shop/users_now?fields=users_now.prefecture,users_now.count&f[users_now.prefecture]=東京都&sorts=users_now.count+desc&limit=500&vis=line",
  );
  assert.deepEqual(got, {
    ...{ model: "shop", explore: "users_now", limit: 500, vis: "line", fill: null },
    fields: ["users_now.prefecture", "users_now.count"],
    filters: { "users_now.prefecture": "東京都" },
    sorts: ["users_now.count desc"],
  });
});

test("writing and reading an address gives the same question", () => {
  const questions: q.Question[] = [
    base,
    { ...base, fields: [day, users], filters: { [day]: "90 days" }, vis: "bar" },
    { ...base, fields: ["a.b"], filters: { "a.b": "50% + 1 & more, #x^,y=z?" }, limit: 5000 },
    { ...base, model: "モデル", explore: "名前 /x", fields: ["a.b"], sorts: ["a.b desc", "c.d"] },
    { ...base, fill: [] },
    { ...base, fill: [day] },
  ];
  for (const one of questions) assert.deepEqual(read(q.writeUrl(one)), one);
});

test("what is no address of an explore is refused, odd parameters are left out", () => {
  assert.equal(read("/"), null);
  assert.equal(read("/explore/shop"), null);
  assert.equal(q.readUrl("/explore/%E0%A4%A/x", ""), null);
  const odd = read("/explore/m/e?limit=-3&vis=pie&fields=,a.b,,a.b");
  assert.deepEqual([odd?.limit, odd?.vis, odd?.fields], [null, null, ["a.b"]]);
  assert.equal(read("/explore/m/e?limit=999999")?.limit, q.limitMax);
});

test("taking a field out takes its sorts out", () => {
  const with2 = { ...base, fields: [day, users], sorts: [`${users} desc`, day] };
  assert.deepEqual(q.toggleField(with2, users), { ...base, fields: [day], sorts: [day] });
  assert.deepEqual(q.toggleField(base, day).fields, [day]);
});

test("a header sorts in the useful direction first, then turns", () => {
  assert.deepEqual(q.sortBy([], users, true), [`${users} desc`]);
  assert.deepEqual(q.sortBy([`${users} desc`], users, true), [users]);
  assert.deepEqual(q.sortBy([`${day} desc`], prefecture, false), [prefecture]);
});

test("filters are set, changed and removed; empty ones are not asked", () => {
  const one = q.setFilter(base, day, "7 days");
  assert.deepEqual(one.filters, { [day]: "7 days" });
  assert.deepEqual(q.setFilter(one, day, null).filters, {});
  assert.deepEqual(q.filtersSet(q.setFilter(one, prefecture, " ")), { [day]: "7 days" });
});

test("the page adds order, fill and picture like Looker", () => {
  const overTime = { ...base, fields: [day, users] };
  assert.deepEqual(bodyOf(overTime, fields), {
    ...{ model: "shop", view: "users_daily", fields: [day, users], filters: {}, limit: "500" },
    sorts: [`${day} desc`],
    fill_fields: [day],
  });
  assert.equal(visOf(overTime, fields), "line");
  const byGroup = { ...base, fields: [prefecture, users] };
  assert.deepEqual(sortsOf(byGroup, fields), [`${users} desc`]);
  assert.deepEqual(fillOf(byGroup, fields), []);
  assert.equal(visOf(byGroup, fields), "bar");
  assert.equal(visOf({ ...base, fields: [prefecture] }, fields), "table");
});

test("nothing is filled beside a second dimension, under a measure's order, or when told so", () => {
  assert.deepEqual(fillOf({ ...base, fields: [day, prefecture, users] }, fields), []);
  assert.deepEqual(fillOf({ ...base, fields: [day, users], sorts: [users] }, fields), []);
  assert.deepEqual(fillOf({ ...base, fields: [day, users], fill: [] }, fields), []);
});

test("examples use the first usable measure", () => {
  const [time, group] = examplesOf(sample, "shop");
  assert.deepEqual(time?.fields, [day, users]);
  assert.deepEqual(time?.filters, { [day]: "90 days" });
  assert.deepEqual(group?.fields, [prefecture, users]);
});

test("the question is said in Japanese and English", () => {
  const one = {
    ...base,
    fields: [day, users],
    filters: { [day]: "90 days", "users.is_test": "No" },
  };
  assert.equal(said(one, "ja"), "直近90日 の ユニークユーザー数 を 日別 に。テストが いいえ。");
  assert.equal(said(one, "en"), "ユニークユーザー数 by day in the last 90 days. テスト: No.");
  const two = { ...base, fields: [prefecture, users, "user_days.orders"] };
  assert.equal(
    said(two, "ja"),
    "ユニークユーザー数・注文数 を 都道府県 ごとに、ユニークユーザー数の多い順。",
  );
  assert.equal(said({ ...base, fields: [prefecture] }, "ja"), "都道府県 の一覧。");
  assert.equal(said(base, "ja"), "");
});

test("filters are put in words only when their meaning is sure", () => {
  const date = field("a.d", "date_date");
  const number = field("a.n", "number", { is_numeric: true });
  const text = field("a.s", "string");
  const cases: [ReturnType<typeof field>, string, string, string][] = [
    [date, "30 days", "直近30日", "the last 30 days"],
    [date, "this month", "今月", "this month"],
    [
      date,
      "2026-11-01 to 2026-12-01",
      "2026-11-01 から 2026-12-01 の前まで",
      "2026-11-01 until before 2026-12-01",
    ],
    [date, "3 days ago for 2 days", "3 days ago for 2 days", "3 days ago for 2 days"],
    [number, ">=10", "10 以上", "at least 10"],
    [number, "[1,5)", "[1,5)", "[1,5)"],
    [text, "東京都,大阪府", "東京都・大阪府", "東京都 or 大阪府"],
    [text, "-東京都", "東京都 以外", "not 東京都"],
    [text, "%京%", "「京」を含む", "contains “京”"],
    [text, "a%,b", "a%,b", "a%,b"],
    [text, "a,-b", "a,-b", "a,-b"],
    [text, "", "すべて", "any"],
  ];
  for (const [one, expression, inJa, inEn] of cases) {
    assert.equal(filterText(one, expression, ja, "ja"), inJa);
    assert.equal(filterText(one, expression, en, "en"), inEn);
  }
});

test("terms are split outside quotes, literals mean themselves", () => {
  assert.deepEqual(splitTerms('a, "b,c" ,d^,e,'), ["a", '"b,c"', "d^,e"]);
  assert.equal(literalTerm("東京都"), "東京都");
  assert.equal(literalTerm("50%,x"), '"50%,x"');
  assert.equal(literalTerm('say "x"'), '"say ^"x^""');
  assert.equal(literalTerm("EMPTY"), '"EMPTY"');
});

test("labels: the timeframe in the reader's language, the view only where names clash", () => {
  const date = fields.get(day);
  assert.ok(date);
  assert.equal(fieldLabel(date, ja, "ja"), "日付（日）");
  assert.equal(fieldLabel(date, en, "en"), "日付 Date");
  const same = [field("a.x", "string"), field("b.x", "string"), field("a.y", "string")];
  assert.deepEqual(columnLabels(same, en, "en"), ["a x", "b x", "y"]);
});

test("the field list folds groups, keeps the model's order, finds by every word", () => {
  const tree = fieldTree(sample, "");
  assert.deepEqual(
    tree.map((section) => section.label),
    ["calendar", "users", "user_days"],
  );
  const group = tree[0]?.entries[0];
  assert.equal(group?.kind === "group" && group.fields.length, 2);
  assert.deepEqual(
    fieldTree(sample, "users 都道").map((section) => section.entries.length),
    [1],
  );
  assert.deepEqual(fieldTree(sample, "nothing like it"), []);
});

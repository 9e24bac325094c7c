// Invented answers in the shape of json_detail: deterministic waves instead of a database.
import type { Cell, Detail, Diagnostic, Field, QueryBody, Row } from "../src/api/types";
import { completeThrough, explores, prefectures, zone } from "./mock_model";

export class MockError extends Error {
  constructor(readonly diagnostic: Diagnostic) {
    super(diagnostic.message);
  }
}

const noise = (i: number): number => {
  const x = Math.sin(i * 127.1 + 311.7) * 43758.5453;
  return x - Math.floor(x);
};

const rhythm = [1.12, 1, 0.95, 0.98, 1, 1.02, 1.16];

function dayCell(at: Date, seed: number, size: number, through: number): Cell {
  const end = at.getTime() + 15 * 3600e3; // the end of the day in Tokyo
  if (at.getTime() - 9 * 3600e3 >= through) return { value: null, state: "not_arrived" };
  const day = Math.floor(at.getTime() / 86400e3);
  const base = size * (0.8 + (day % 400) / 1000) * (rhythm[at.getUTCDay()] ?? 1);
  const drop = day % 97 === 30 ? 0.4 : 1;
  const full = Math.round(base * drop * (0.96 + 0.08 * noise(day + seed)));
  if (end <= through) return { value: full, rendered: full.toLocaleString("en-US") };
  const part = Math.round(full * 0.31);
  return { value: part, rendered: part.toLocaleString("en-US"), state: "incomplete" };
}

function check(query: QueryBody, fields: Map<string, Field>): void {
  query.fields.forEach((name, index) => {
    if (fields.has(name)) return;
    const message = `there is no field '${name}'`;
    const span = { file: `fields[${index}]`, line: 1, column: 1, length: name.length };
    throw new MockError({ field: `fields[${index}]`, code: "unknown-field", message, span });
  });
  for (const [name, value] of Object.entries(query.filters ?? {})) {
    const field = fields.get(name);
    const place = `filters.${name}`;
    if (!field?.type.startsWith("date") || value.trim() === "") continue;
    if (/^(\d+ (day|week|month)s?|this \w+|last \w+|today|yesterday|\d{4}-.*)$/.test(value))
      continue;
    const span = { file: place, line: 1, column: 1, length: [...value].length };
    const hint = "write for example '90 days', 'this month' or '2026-11-01 to 2026-12-01'";
    const message = `'${value}' is not a date filter`;
    throw new MockError({ field: place, code: "filter-date", message, hint, span });
  }
}

function daily(query: QueryBody, time: Field, measures: Field[]): Row[] {
  const days = Number(/^(\d+) days?$/.exec(query.filters?.[time.name] ?? "")?.[1] ?? 60);
  const through = Date.parse(completeThrough());
  const now = new Date(Date.now() + 9 * 3600e3);
  const rows: Row[] = [];
  for (let i = 0; i < days; i++) {
    const at = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - i));
    const row: Row = { [time.name]: { value: at.toISOString().slice(0, 10) } };
    measures.forEach((m, k) => (row[m.name] = dayCell(at, k, 12000 * 30 ** (k % 3), through)));
    rows.push(row);
  }
  return rows;
}

function groups(query: QueryBody, dimensions: Field[], measures: Field[]): Row[] {
  const wanted = Object.entries(query.filters ?? {}).find(([name]) =>
    name.endsWith("prefecture"),
  )?.[1];
  const names = wanted
    ? prefectures.filter((name) => wanted.split(",").includes(name))
    : prefectures;
  const many = dimensions.some((field) => /\.(id|name)$/.test(field.name));
  const count = dimensions.length === 0 ? 1 : many ? 5000 : names.length;
  return Array.from({ length: count }, (_, i) => {
    const row: Row = {};
    for (const field of dimensions) row[field.name] = group(field, i, names);
    measures.forEach((m, k) => {
      const value = Math.round((40000 / (i + 1.4) ** 0.9) * 10 ** k * (0.9 + 0.2 * noise(i + k)));
      row[m.name] = { value, rendered: value.toLocaleString("en-US") };
    });
    return row;
  });
}

function group(field: Field, i: number, names: string[]): Cell {
  if (field.type === "yesno") return { value: i % 3 === 0 ? "Yes" : "No" };
  if (field.type === "number") return { value: i + 1 };
  if (field.type.startsWith("date"))
    return { value: `2026-${String((i % 12) + 1).padStart(2, "0")}-01` };
  if (field.name.endsWith("name")) return { value: i % 7 === 3 ? null : `利用者 ${i + 1}` };
  return { value: names[i % names.length] ?? null };
}

function sorted(rows: Row[], sorts: string[]): Row[] {
  const [name = "", direction] = (sorts[0] ?? "").split(" ");
  const sign = direction === "desc" ? -1 : 1;
  const value = (row: Row): string | number => {
    const cell = row[name]?.value ?? "";
    return typeof cell === "boolean" ? Number(cell) : cell;
  };
  return name === "" ? rows : [...rows].sort((a, b) => (value(a) < value(b) ? -sign : sign));
}

export function answer(query: QueryBody): Detail {
  const explore = explores().find(({ name }) => name === query.view);
  if (!explore)
    throw new MockError({ field: "view", code: "unknown-explore", message: "no explore" });
  const all = [...explore.fields.dimensions, ...explore.fields.measures];
  const fields = new Map(all.map((field) => [field.name, field]));
  check(query, fields);
  const picked = query.fields.flatMap((name) => fields.get(name) ?? []);
  const dimensions = picked.filter((field) => !field.measure);
  const measures = picked.filter((field) => field.measure);
  const time = dimensions.find((field) => field.type === "date_date");
  const rows = time ? daily(query, time, measures) : groups(query, dimensions, measures);
  const limit = Number(query.limit ?? 500);
  const times = { complete_through: completeThrough(), read_at: completeThrough() };
  const names = ["raw_shop.users", "raw_shop.orders"];
  const list = query.fields.map((name) => `  ${name.replace(".", "_")}`).join(",\n");
  return {
    id: "mock",
    fields: { dimensions, measures },
    data: sorted(rows, query.sorts ?? []).slice(0, limit),
    sql: `SELECT\n${list}\nFROM raw_shop.users AS users\nGROUP BY ALL\nLIMIT ${limit}`,
    ran_at: new Date().toISOString(),
    runtime: 0.0123,
    truncated: rows.length > limit,
    applied_filters: query.filters ?? {},
    timezone: zone,
    freshness: { ...times, tables: names.map((table) => ({ table, ...times })) },
    proof: measures.map(({ name, view }) => ({
      measure: name,
      view,
      verdict: "plain",
      rule: "base",
    })),
  };
}

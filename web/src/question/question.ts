// The question as the page holds it, and its one written form: the URL (Looker's explore URL
// style). Pure and loss-free in both directions, so that back, forward, reload and a sent link
// all agree.

export type Vis = "line" | "bar" | "table";

/** `vis`, `sorts`, `limit` and `fill` left out mean the page's defaults (question/defaults.ts). */
export interface Question {
  model: string;
  explore: string;
  fields: string[];
  filters: Record<string, string>;
  sorts: string[];
  limit: number | null;
  vis: Vis | null;
  fill: string[] | null;
}

export const limitDefault = 500;
export const limitMax = 5000;

export function emptyQuestion(model: string, explore: string): Question {
  return { model, explore, fields: [], filters: {}, sorts: [], limit: null, vis: null, fill: null };
}

function words(text: string | null): string[] {
  return (text ?? "")
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function readLimit(text: string | null): number | null {
  if (text === null || !/^\d+$/.test(text)) return null;
  const limit = Number(text);
  return limit >= 1 ? Math.min(limit, limitMax) : null;
}

function readVis(text: string | null): Vis | null {
  return text === "line" || text === "bar" || text === "table" ? text : null;
}

/** Reads a question from an address; null when it is not the address of an explore. */
export function readUrl(path: string, search: string): Question | null {
  const match = /^\/explore\/([^/]+)\/([^/]+)\/?$/.exec(path);
  if (!match?.[1] || !match[2]) return null;
  let names: string[];
  try {
    names = [decodeURIComponent(match[1]), decodeURIComponent(match[2])];
  } catch {
    return null;
  }
  const params = new URLSearchParams(search);
  const question = emptyQuestion(names[0] ?? "", names[1] ?? "");
  for (const [key, value] of params) {
    const filter = /^f\[(.+)\]$/.exec(key);
    if (filter?.[1]) question.filters[filter[1]] = value;
  }
  const fill = params.get("fill_fields");
  return {
    ...question,
    fields: [...new Set(words(params.get("fields")))],
    sorts: words(params.get("sorts")),
    limit: readLimit(params.get("limit")),
    vis: readVis(params.get("vis")),
    fill: fill === null ? null : words(fill),
  };
}

/** Encodes what must be, and leaves readable what may be: letters of any script, `,`, `.`, `:`. */
function encode(text: string): string {
  return encodeURIComponent(text)
    .replace(/%20/g, "+")
    .replace(/%2C/g, ",")
    .replace(/%3A/g, ":")
    .replace(/%2F/g, "/");
}

/** Writes a question as an address; `readUrl` of it gives the same question. */
export function writeUrl(question: Question): string {
  const parts: string[] = [];
  if (question.fields.length > 0) parts.push(`fields=${question.fields.map(encode).join(",")}`);
  for (const [name, value] of Object.entries(question.filters))
    parts.push(`f[${encode(name)}]=${encode(value)}`);
  if (question.sorts.length > 0) parts.push(`sorts=${question.sorts.map(encode).join(",")}`);
  if (question.limit !== null) parts.push(`limit=${question.limit}`);
  if (question.vis !== null) parts.push(`vis=${question.vis}`);
  if (question.fill !== null) parts.push(`fill_fields=${question.fill.map(encode).join(",")}`);
  const path = `/explore/${encodeURIComponent(question.model)}/${encodeURIComponent(question.explore)}`;
  return parts.length === 0 ? path : `${path}?${parts.join("&")}`;
}

/** Adds the field at the end, or takes it out together with the sorts that need it. */
export function toggleField(question: Question, name: string): Question {
  if (!question.fields.includes(name)) return { ...question, fields: [...question.fields, name] };
  return {
    ...question,
    fields: question.fields.filter((field) => field !== name),
    sorts: question.sorts.filter((sort) => sortOf(sort).name !== name),
  };
}

/** The filters that say something: an empty one means any value, as if it were not there. */
export function filtersSet(question: Question): Record<string, string> {
  const set = Object.entries(question.filters).filter(([, value]) => value.trim() !== "");
  return Object.fromEntries(set);
}

export function setFilter(question: Question, name: string, value: string | null): Question {
  const others = Object.entries(question.filters).filter(
    ([other]) => value !== null || other !== name,
  );
  const filters = Object.fromEntries(others);
  return { ...question, filters: value === null ? filters : { ...filters, [name]: value } };
}

export function sortOf(sort: string): { name: string; descending: boolean } {
  const [name = "", direction = ""] = sort.trim().split(/\s+/);
  return { name, descending: direction.toLowerCase() === "desc" };
}

/** What a click on a header does: first the useful direction, then the other one. */
export function sortBy(current: string[], name: string, descendingFirst: boolean): string[] {
  const now = current.map(sortOf).find((sort, index) => index === 0 && sort.name === name);
  const descending = now ? !now.descending : descendingFirst;
  return [descending ? `${name} desc` : name];
}

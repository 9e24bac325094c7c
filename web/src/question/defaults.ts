// What the page adds to a question that does not say: Looker's fill, sort and picture defaults
// (DESIGN: the API adds nothing, the page does), and the example questions of an empty page.
import type { Explore, Field, QueryBody } from "../api/types";
import { filtersSet, limitDefault, sortOf, type Question, type Vis } from "./question";

export type Fields = Map<string, Field>;

export function fieldsOf(explore: Explore): Fields {
  const { dimensions, measures, filters, parameters } = explore.fields;
  return new Map([...parameters, ...filters, ...dimensions, ...measures].map((f) => [f.name, f]));
}

/** Is it a point in time that an axis can be made of (a date, a week; not a weekday)? */
export function isTimeAxis(field: Field | undefined): boolean {
  if (!field || field.measure) return false;
  return /^date_(raw|time|second|minute|hour|date|week|month|quarter|year)$/.test(field.type);
}

function chosen(question: Question, fields: Fields): Field[] {
  return question.fields.flatMap((name) => fields.get(name) ?? []);
}

/** Looker's default order: newest time first, else the largest first measure, else by name. */
export function sortsOf(question: Question, fields: Fields): string[] {
  if (question.sorts.length > 0) return question.sorts;
  const all = chosen(question, fields);
  const time = all.find(isTimeAxis);
  if (time) return [`${time.name} desc`];
  const measure = all.find((field) => field.measure);
  if (measure && all.length > 1) return [`${measure.name} desc`];
  return all[0] && !all[0].measure ? [all[0].name] : [];
}

export function fillOf(question: Question, fields: Fields): string[] {
  if (question.fill !== null) return question.fill;
  const all = chosen(question, fields);
  const times = all.filter((field) => isTimeAxis(field) && field.fill_style === "range");
  const others = all.filter((field) => !field.measure && !isTimeAxis(field));
  const byMeasure = question.sorts.some((sort) => fields.get(sortOf(sort).name)?.measure);
  // With a second dimension, or ordered by a measure, there is no axis to fill.
  return times.length === 1 && others.length === 0 && !byMeasure ? times.map((f) => f.name) : [];
}

export function bodyOf(question: Question, fields: Fields): QueryBody {
  return {
    model: question.model,
    view: question.explore,
    fields: question.fields,
    filters: filtersSet(question),
    sorts: sortsOf(question, fields),
    limit: String(question.limit ?? limitDefault),
    fill_fields: fillOf(question, fields),
  };
}

export function visOf(question: Question, fields: Fields): Vis {
  if (question.vis) return question.vis;
  const all = chosen(question, fields);
  if (!all.some((field) => field.measure) || all.every((field) => field.measure)) return "table";
  return all.some(isTimeAxis) ? "line" : "bar";
}

const usable = (field: Field): boolean => !field.hidden && field.unavailable === null;

/** At most two questions made from the explore's own fields: one over time, one by a group. */
export function examplesOf(explore: Explore, model: string): Question[] {
  const dimensions = explore.fields.dimensions.filter(usable);
  const measures = explore.fields.measures.filter(usable);
  const measure = measures[0];
  if (!measure) return [];
  const base: Question = {
    ...{ model, explore: explore.name, sorts: [], limit: null, vis: null, fill: null },
    fields: [],
    filters: Object.fromEntries(explore.always_filter.map(({ name, value }) => [name, value])),
  };
  const times = dimensions.filter(isTimeAxis);
  const time = times.find((field) => field.type === "date_date") ?? times[0];
  const group = dimensions.find((field) => field.type === "string");
  const examples: Question[] = [];
  if (time) {
    const filters = { ...base.filters, [time.name]: "90 days" };
    examples.push({ ...base, filters, fields: [time.name, measure.name] });
  }
  if (group) examples.push({ ...base, fields: [group.name, measure.name] });
  return examples;
}

// The question as one sentence, made from the question itself; strong pieces are what was chosen.
import { filterKind, filterText } from "./filter_words";
import { isTimeAxis, sortsOf, type Fields } from "./defaults";
import { fieldLabel } from "./labels";
import { sortOf, type Question } from "./question";
import type { Field } from "../api/types";
import type { Lang } from "../format/number";
import type { Words } from "../words/en";

export interface Piece {
  text: string;
  strong: boolean;
}

const say = (text: string): Piece => ({ text, strong: false });
const em = (text: string): Piece => ({ text, strong: true });

function join(labels: string[], between: string): Piece[] {
  return labels.flatMap((label, index) => (index === 0 ? [em(label)] : [say(between), em(label)]));
}

interface Said {
  question: Question;
  fields: Fields;
  words: Words;
  lang: Lang;
  measures: Field[];
  dimensions: Field[];
  period: [string, string] | undefined;
}

function byLabel(field: Field, { words, lang }: Said): string {
  const label = fieldLabel(field, words, lang);
  if (lang === "ja") return isTimeAxis(field) ? `${words.timeframe[field.type] ?? label}別` : label;
  const frame = field.type.replace(/^date_/, "");
  return isTimeAxis(field) ? (frame === "date" ? "day" : frame) : label;
}

function otherFilters(said: Said): [Field, string][] {
  return Object.entries(said.question.filters).flatMap(([name, value]) => {
    const field = said.fields.get(name);
    const skip = !field || value.trim() === "" || name === said.period?.[0];
    return skip ? [] : [[field, value] as [Field, string]];
  });
}

/** Is the order the largest measure first, so that it is worth saying? */
function largestFirst({ question, fields }: Said): Field | undefined {
  const sort = sortsOf(question, fields)[0];
  if (!sort) return undefined;
  const { name, descending } = sortOf(sort);
  const field = fields.get(name);
  return descending && field?.measure ? field : undefined;
}

function japanese(said: Said): Piece[] {
  const { words, lang, measures, dimensions, period, fields } = said;
  const label = (field: Field): string => fieldLabel(field, words, lang);
  const pieces: Piece[] = [];
  const periodField = period && fields.get(period[0]);
  if (period && periodField)
    pieces.push(em(filterText(periodField, period[1], words, lang)), say(" の "));
  const by = dimensions.map((field) => byLabel(field, said));
  if (measures.length > 0) {
    pieces.push(...join(measures.map(label), "・"));
    const times = dimensions.every(isTimeAxis);
    if (by.length > 0) pieces.push(say(" を "), ...join(by, "・"), say(times ? " に" : " ごとに"));
  } else pieces.push(...join(dimensions.map(label), "・"), say(" の一覧"));
  const largest = largestFirst(said);
  if (largest && dimensions.length > 0) pieces.push(say("、"), em(`${label(largest)}の多い順`));
  pieces.push(say("。"));
  for (const [field, value] of otherFilters(said))
    pieces.push(say(`${label(field)}が `), em(filterText(field, value, words, lang)), say("。"));
  return pieces;
}

function english(said: Said): Piece[] {
  const { words, lang, measures, dimensions, period, fields } = said;
  const label = (field: Field): string => fieldLabel(field, words, lang);
  const pieces: Piece[] = [];
  const by = dimensions.map((field) => byLabel(field, said));
  if (measures.length > 0) {
    pieces.push(...join(measures.map(label), " and "));
    if (by.length > 0) pieces.push(say(" by "), ...join(by, " and "));
  } else pieces.push(say("List of "), ...join(dimensions.map(label), ", "));
  const periodField = period && fields.get(period[0]);
  if (period && periodField)
    pieces.push(say(" in "), em(filterText(periodField, period[1], words, lang)));
  if (largestFirst(said) && dimensions.length > 0) pieces.push(say(", "), em("largest first"));
  pieces.push(say("."));
  for (const [field, value] of otherFilters(said))
    pieces.push(say(` ${label(field)}: `), em(filterText(field, value, words, lang)), say("."));
  return pieces;
}

/** Says the question; [] when nothing was chosen yet. */
export function sentence(question: Question, fields: Fields, words: Words, lang: Lang): Piece[] {
  const all = question.fields.flatMap((name) => fields.get(name) ?? []);
  if (all.length === 0) return question.fields.map(em);
  const period = Object.entries(question.filters).find(([name, value]) => {
    const field = fields.get(name);
    return field !== undefined && filterKind(field) === "date" && value.trim() !== "";
  });
  const said: Said = {
    ...{ question, fields, words, lang, period },
    measures: all.filter((field) => field.measure),
    dimensions: all.filter((field) => !field.measure),
  };
  return lang === "ja" ? japanese(said) : english(said);
}

// The shapes of docs/http.md, as the page reads them. Nothing here is invented by the page.

/** A measure that a join of this explore always multiplies: why, and what to do. */
export interface Unavailable {
  reason: string;
  hint: string;
}

/** One dimension, measure, filter or parameter of an explore. */
export interface Field {
  name: string;
  label: string;
  label_short: string;
  description: string | null;
  view: string;
  view_label: string;
  field_group_label: string | null;
  field_group_variant: string | null;
  dimension_group: string | null;
  type: string;
  category: string;
  measure: boolean;
  is_numeric: boolean;
  is_timeframe: boolean;
  is_filter: boolean;
  hidden: boolean;
  fill_style: string | null;
  value_format: string | null;
  value_format_name: string | null;
  suggestions: string[] | null;
  unavailable: Unavailable | null;
}

export interface ExploreSummary {
  name: string;
  label: string;
  description: string | null;
  hidden: boolean;
  group_label: string | null;
}

export interface Model {
  name: string;
  label: string;
  explores: ExploreSummary[];
}

export interface Explore {
  id: string;
  name: string;
  label: string;
  description: string | null;
  model_name: string;
  view_name: string;
  hidden: boolean;
  always_filter: { name: string; value: string }[];
  fields: { dimensions: Field[]; measures: Field[]; filters: Field[]; parameters: Field[] };
}

/** The body of `POST /api/4.0/queries/run/{format}`. */
export interface QueryBody {
  model: string;
  view: string;
  fields: string[];
  filters: Record<string, string>;
  sorts: string[];
  limit: string;
  fill_fields: string[];
  query_timezone?: string;
}

export type CellValue = string | number | boolean | null;

/** `state` left out means complete; see docs/http.md for the two others. */
export interface Cell {
  value: CellValue;
  rendered?: string;
  state?: "incomplete" | "not_arrived";
}

export type Row = Record<string, Cell>;

export interface TableTime {
  table: string;
  complete_through: string | null;
  read_at: string | null;
}

export interface Freshness {
  complete_through: string | null;
  read_at: string | null;
  tables: TableTime[];
}

export interface Proof {
  measure: string;
  view: string;
  verdict: string;
  rule: string;
}

/** The answer of `queries/run/json_detail`. */
export interface Detail {
  id: string;
  fields: { dimensions: Field[]; measures: Field[] };
  data: Row[];
  sql: string;
  ran_at: string;
  runtime: number;
  truncated: boolean;
  applied_filters: Record<string, string>;
  timezone: string;
  freshness: Freshness | null;
  proof: Proof[];
}

export interface Span {
  file: string;
  line: number;
  column: number;
  length: number;
}

/** One diagnostic of a refused question; `field` is a place in the query body. */
export interface Diagnostic {
  field: string | null;
  code: string;
  message: string;
  hint?: string | null;
  span?: Span | null;
}

export interface ErrorBody {
  message: string;
  documentation_url?: string;
  errors?: Diagnostic[];
}

export interface Status {
  name: string;
  version: string;
  timezone: string;
  model_errors: number;
  tables: (TableTime & { rows: number })[];
}

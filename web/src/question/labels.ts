// How a field is called on the page: by the team's own label, its timeframe in the reader's
// language.
import type { Field } from "../api/types";
import type { Lang } from "../format/number";
import type { Words } from "../words/en";

/** The timeframe of a field of a dimension group ("日", "Date"), else its short label. */
export function variantLabel(field: Field, words: Words): string {
  if (!field.dimension_group) return field.label_short;
  return words.timeframe[field.type] ?? field.field_group_variant ?? field.label_short;
}

/** The label that stands alone: in a header, a chip, the sentence. */
export function fieldLabel(field: Field, words: Words, lang: Lang): string {
  const frame = field.dimension_group ? words.timeframe[field.type] : undefined;
  if (lang !== "ja" || frame === undefined) return field.label_short;
  const group = field.field_group_label ?? "";
  return group === "" || group === frame ? frame : `${group}（${frame}）`;
}

/** Labels for columns side by side: the view's label in front of those that would be the same. */
export function columnLabels(fields: Field[], words: Words, lang: Lang): string[] {
  const short = fields.map((field) => fieldLabel(field, words, lang));
  return fields.map((field, index) => {
    const label = short[index] ?? field.name;
    return short.filter((other) => other === label).length > 1
      ? `${field.view_label} ${label}`
      : label;
  });
}

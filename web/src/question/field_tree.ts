// The field list as a tree: views in the model's order, dimension groups folded, found by search.
import type { Explore, Field } from "../api/types";

export type Entry =
  { kind: "field"; field: Field } | { kind: "group"; id: string; label: string; fields: Field[] };

export interface Section {
  label: string;
  entries: Entry[];
}

/** Is every word of `search` in a label or the name of the field? */
export function matches(field: Field, search: string): boolean {
  const text = `${field.label} ${field.label_short} ${field.name} ${field.description ?? ""}`
    .normalize("NFKC")
    .toLowerCase();
  const words = search.normalize("NFKC").toLowerCase().split(/\s+/);
  return words.every((word) => text.includes(word));
}

/** Groups the visible fields that match by their view's label: dimensions first, then measures. */
export function fieldTree(explore: Explore, search: string): Section[] {
  const sections = new Map<string, Section>();
  const groups = new Map<string, Entry & { kind: "group" }>();
  const { dimensions, measures, filters } = explore.fields;
  for (const field of [...dimensions, ...measures, ...filters]) {
    if (field.hidden || !matches(field, search)) continue;
    let section = sections.get(field.view_label);
    if (!section) {
      section = { label: field.view_label, entries: [] };
      sections.set(field.view_label, section);
    }
    const id = field.dimension_group;
    if (id === null) {
      section.entries.push({ kind: "field", field });
      continue;
    }
    let group = groups.get(id);
    if (!group) {
      group = { kind: "group", id, label: field.field_group_label ?? id, fields: [] };
      groups.set(id, group);
      section.entries.push(group);
    }
    group.fields.push(field);
  }
  return [...sections.values()];
}

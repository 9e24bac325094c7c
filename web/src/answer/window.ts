// Which rows of a long table are in the page: rows have one height, so it is plain arithmetic (a
// virtualiser library would be larger than this whole file's effect).
export interface Window {
  first: number;
  last: number;
  before: number;
  after: number;
}

/** Rows [first, last) to draw, and the heights in px of the empty space before and after them. */
export function windowOf(scroll: number, height: number, rows: number, rowHeight: number): Window {
  const spare = 12;
  const top = Math.max(0, Math.floor(scroll / rowHeight) - spare);
  const first = Math.min(top - (top % 2), Math.max(0, rows - 1));
  const last = Math.min(rows, Math.ceil((scroll + height) / rowHeight) + spare);
  return { first, last, before: first * rowHeight, after: (rows - last) * rowHeight };
}

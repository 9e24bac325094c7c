// How old the data is. Late means older than 26 hours: a daily load and two hours' grace.
import type { Freshness, TableTime } from "../api/types";

export const lateAfterMs = 26 * 3600 * 1000;

/** Is what is complete until `through` late at `nowMs`? Unknown is not late. */
export function isLate(through: string | null, nowMs: number): boolean {
  const at = through === null ? Number.NaN : Date.parse(through);
  return Number.isFinite(at) && nowMs - at > lateAfterMs;
}

/** The freshness of all tables together: the oldest of each time. Null without any table. */
export function freshnessOfTables(tables: TableTime[]): Freshness | null {
  const oldest = (times: (string | null)[]): string | null =>
    times.reduce(
      (a, b) => (a === null || (b !== null && Date.parse(b) < Date.parse(a)) ? b : a),
      null,
    );
  if (tables.length === 0) return null;
  return {
    complete_through: oldest(tables.map((table) => table.complete_through)),
    read_at: oldest(tables.map((table) => table.read_at)),
    tables,
  };
}

// What the pointer reads on a chart: the time or group, and each series in full digits. HTML for
// ECharts' tooltip, so every text from the data is escaped here.
import { fullDigits } from "../format/number";
import type { Drawing } from "./series";
import type { ChartWords, Palette } from "./option";

export function escapeHtml(text: string): string {
  const signs: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (sign) => signs[sign] ?? sign);
}

interface Look {
  palette: Palette;
  words: ChartWords;
}

export function tooltipHtml(
  drawing: Drawing,
  index: number,
  title: (x: string) => string,
  { palette, words }: Look,
): string {
  const rows = drawing.series.map((one, i) => {
    const value = one.values[index];
    const state = one.states[index];
    const missing = state === "not_arrived" ? words.notArrived : "–";
    const text = value === null || value === undefined ? missing : fullDigits(value);
    const note = state === "incomplete" ? ` <small>${escapeHtml(words.incomplete)}</small>` : "";
    const paint = palette.series[i % palette.series.length] ?? palette.ink;
    return (
      `<tr><td><span style="color:${paint}">■</span> ${escapeHtml(one.name)}</td>` +
      `<td class="n" style="padding-left:16px">${escapeHtml(text)}${note}</td></tr>`
    );
  });
  return `<b>${escapeHtml(title(drawing.xs[index] ?? ""))}</b><table>${rows.join("")}</table>`;
}

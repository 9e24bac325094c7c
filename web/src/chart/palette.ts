// Reads the colours of the current theme from tokens.css, the one place where they are written.
import type { Palette } from "./option";

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    series: ["c1", "c2", "c3", "c4", "c5", "c6", "c7"].map(token),
    ink: token("ink"),
    hint: token("ink-3"),
    line: token("chart-line"),
    lineStrong: token("line-strong"),
    sunken: token("sunken"),
    surface: token("surface"),
    font: token("font"),
  };
}

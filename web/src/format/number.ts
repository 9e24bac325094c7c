// Numbers as people here read them: full digits in tables; 万 and 億 (k, M in English) from six
// digits where space is short (the head figure and axes); a true minus sign; no false digits.
export type Lang = "ja" | "en";

const minus = (text: string): string => text.replace(/^-/, "−");

/** Groups the digits of a number or of a decimal text without going through floating point. */
export function fullDigits(value: number | string): string {
  const text = typeof value === "number" ? plain(value) : value.trim();
  const match = /^(-?)(\d+)(\.\d+)?$/.exec(text);
  if (!match) return minus(text);
  const whole = (match[2] ?? "").replace(/\B(?=(\d{3})+$)/g, ",");
  return `${match[1] ? "−" : ""}${whole}${match[3] ?? ""}`;
}

function plain(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const text = String(value);
  if (!text.includes("e")) return text;
  return Math.abs(value) < 1 ? value.toFixed(12).replace(/\.?0+$/, "") : String(BigInt(value));
}

interface Unit {
  from: number;
  size: number;
  sign: string;
}

const units: Record<Lang, Unit[]> = {
  ja: [
    { from: 1e12, size: 1e12, sign: "兆" },
    { from: 1e8, size: 1e8, sign: "億" },
    { from: 1e5, size: 1e4, sign: "万" },
  ],
  en: [
    { from: 1e9, size: 1e9, sign: "B" },
    { from: 1e6, size: 1e6, sign: "M" },
    { from: 1e5, size: 1e3, sign: "k" },
  ],
};

function digits(scaled: number): string {
  const places = scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2;
  return fullDigits(
    scaled.toFixed(places).replace(/\.?0+$/, (zeros) => (zeros[0] === "." ? "" : zeros)),
  );
}

/** Short form for the head figure: 123,456 → 12.3万 (123k), 206,000,000 → 2.06億 (206M). */
export function shortNumber(value: number, lang: Lang): string {
  const size = Math.abs(value);
  const unit = units[lang].find(({ from }) => size >= from);
  const sign = value < 0 ? "−" : "";
  if (!unit) return sign + fullDigits(Number.isInteger(size) ? size : Number(size.toFixed(2)));
  return sign + digits(size / unit.size) + unit.sign;
}

/** Axis labels are round numbers; from 10,000 Japanese counts in 万 already. */
export function axisNumber(value: number, lang: Lang): string {
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  const steps: [number, string][] =
    lang === "ja"
      ? [
          [1e12, "兆"],
          [1e8, "億"],
          [1e4, "万"],
        ]
      : [
          [1e9, "B"],
          [1e6, "M"],
          [1e5, "k"],
        ];
  for (const [from, unit] of steps)
    if (size >= from)
      return `${sign}${fullDigits(Number((size / (unit === "k" ? 1e3 : from)).toFixed(2)))}${unit}`;
  return sign + fullDigits(Number(size.toFixed(4)));
}

/** Change in percent with one decimal and its sign; null when there is nothing to compare with. */
export function percentChange(now: number, before: number): string | null {
  if (before === 0 || !Number.isFinite(now) || !Number.isFinite(before)) return null;
  const change = (now / before - 1) * 100 * Math.sign(before);
  const text = Math.abs(change).toFixed(1);
  return text === "0.0" ? "±0.0%" : `${change > 0 ? "+" : "−"}${text}%`;
}

/** Reads a number from a cell's value; null for what is none. */
export function toNumber(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string" || value.trim() === "") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

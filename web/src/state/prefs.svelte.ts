// What the reader chose for themselves: language and colours. Kept in this browser only.
import type { Lang } from "../format/number";
import { en, type Words } from "../words/en";
import { ja } from "../words/ja";

// Paraglide was considered for the two languages: its project file loads message plugins from a CDN
// at build time and it has no typed plurals that we need, while two typed objects need no tool.
const languages: Record<Lang, Words> = { ja, en };

export type Theme = "light" | "dark" | "contrast" | "system";
export const themes: Theme[] = ["light", "dark", "contrast", "system"];

function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // Storage can be switched off; the page works without it.
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above.
  }
}

function firstLang(): Lang {
  const kept = recall("kura.lang");
  if (kept === "ja" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("ja") ? "ja" : "en";
}

const firstTheme = (): Theme => themes.find((theme) => theme === recall("kura.theme")) ?? "system";

const darkWanted = matchMedia("(prefers-color-scheme: dark)");
const contrastWanted = matchMedia("(prefers-contrast: more)");

class Prefs {
  lang = $state<Lang>(firstLang());
  theme = $state<Theme>(firstTheme());
  /** Counts changes of the colours, so that the chart reads them again. */
  painted = $state(0);
  words: Words = $derived(languages[this.lang]);

  setLang(lang: Lang): void {
    this.lang = lang;
    remember("kura.lang", lang);
    document.documentElement.lang = lang;
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    remember("kura.theme", theme);
    this.paint();
  }

  paint(): void {
    const system = contrastWanted.matches ? "contrast" : darkWanted.matches ? "dark" : "light";
    document.documentElement.dataset.theme = this.theme === "system" ? system : this.theme;
    this.painted += 1;
  }

  start(): void {
    document.documentElement.lang = this.lang;
    this.paint();
    for (const wanted of [darkWanted, contrastWanted])
      wanted.addEventListener("change", () => this.paint());
  }
}

export const prefs = new Prefs();

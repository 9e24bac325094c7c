// Starts Debian's Chromium for the browser tests and speaks the page's language: fields, filters,
// table. Everything is found by what a reader sees or by data attributes that name fields.
import { chromium, type Browser, type Page } from 'playwright-core';

export const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(): Promise<Browser> {
  const executablePath = process.env.KURA_CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: flags });
}

export interface Look {
  lang?: 'ja' | 'en';
  theme?: 'light' | 'dark' | 'contrast';
  width?: number;
  height?: number;
}

/** Opens a page with its own storage; fails the test on any error of the page itself. */
export async function open(browser: Browser, look: Look = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1440, height: look.height ?? 940 },
    locale: look.lang === 'en' ? 'en-US' : 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  await context.addInitScript(
    ([lang, theme]) => {
      localStorage.setItem('kura.lang', localStorage.getItem('kura.lang') ?? lang ?? 'ja');
      localStorage.setItem('kura.theme', localStorage.getItem('kura.theme') ?? theme ?? 'light');
    },
    [look.lang ?? 'ja', look.theme ?? 'light'],
  );
  return context.newPage();
}

/** Chooses a field in the list, unfolding its group first when it has one. */
export async function choose(page: Page, name: string): Promise<void> {
  const field = page.locator(`[data-field="${name}"]`);
  if ((await field.count()) === 0) {
    const search = page.locator('#field-search');
    await search.fill(name);
    await field.click();
    await search.fill('');
  } else await field.click();
}

/** Opens the filter of a field, writes the expression and applies it. */
export async function filter(page: Page, name: string, expression: string): Promise<void> {
  const search = page.locator('#field-search');
  await search.fill(name);
  await page.locator(`.f:has([data-field="${name}"]) [data-filter]`).click({ force: true });
  await page.locator(`[data-filter-input="${name}"]`).fill(expression);
  await page.getByTestId('apply').click();
  await search.fill('');
}

/** The texts of the table's rows that are in the page, column by column. */
export async function rows(page: Page): Promise<string[][]> {
  await page.getByTestId('table').waitFor();
  return page
    .getByTestId('table')
    .evaluate((table) =>
      Array.from(table.querySelectorAll('tbody tr:not(.gap)')).map((row) =>
        Array.from(row.querySelectorAll('td:not(.end)')).map(
          (cell) => cell.textContent?.trim() ?? '',
        ),
      ),
    );
}

/** How many rows the answer has; only those in sight are in the page. */
export async function rowCount(page: Page): Promise<number> {
  return Number(await page.getByTestId('table').getAttribute('aria-rowcount')) - 1;
}

/** Waits until no question is running and the answer is the one of the question shown. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      !document.querySelector('[aria-busy="true"]') &&
      !document.querySelector('.stale') &&
      document.querySelector('[data-testid="table"], .problem, .wrong, .none, .empty') !== null,
  );
}

// Takes the pictures that people look at before a change of the page is called done.
//   KURA_URL=http://127.0.0.1:8080 node tests/browser/shoot.mjs FOLDER
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launch, open, settled, type Look } from './lib/browser';

const base = process.env.KURA_URL ?? 'http://127.0.0.1:8080';
const folder = process.argv[2] ?? 'screenshots';
const model = process.env.KURA_MODEL ?? 'shop';
const daily = `/explore/${model}/users_daily?fields=calendar.day_date,user_days.unique_users&f[calendar.day_date]=90+days`;
const now = `/explore/${model}/users_now?fields=users_now.prefecture,users_now.count&sorts=users_now.count+desc`;
const wrong = `${daily.replace('90+days', 'ninety+days')}`;
const shots: [string, string, Look][] = [
  ['daily-light', daily, {}],
  ['daily-dark', daily, { theme: 'dark' }],
  ['daily-contrast', daily, { theme: 'contrast' }],
  ['daily-english', daily, { lang: 'en' }],
  ['daily-narrow', daily, { width: 390, height: 844 }],
  ['now-light', now, {}],
  ['now-english-dark', now, { lang: 'en', theme: 'dark' }],
  ['now-narrow', now, { width: 390, height: 844, theme: 'dark' }],
  ['bars', `${daily}&vis=bar`, {}],
  ['empty', `/explore/${model}/users_daily`, {}],
  ['empty-narrow', `/explore/${model}/users_now`, { width: 390, height: 844 }],
  ['error-filter', wrong, {}],
  ['error-filter-narrow', wrong, { width: 390, height: 844 }],
  ['error-field', now.replace('users_now.prefecture', 'users_now.prefectur'), { lang: 'en' }],
  ['not-found', `/explore/${model}/no_such_explore`, {}],
];

mkdirSync(folder, { recursive: true });
const browser = await launch();
for (const [name, path, look] of shots) {
  const page = await open(browser, look);
  await page.goto(base + path);
  await settled(page);
  const chart = page.getByTestId('chart');
  if ((await chart.count()) > 0) await chart.locator('svg').first().waitFor();
  await page.waitForTimeout(150);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(join(folder, `${name}.png`));
  await page.context().close();
}
await browser.close();

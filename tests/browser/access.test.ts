// axe-core finds no serious violation in any theme, in the states that people meet.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch, open, settled, type Look } from './lib/browser';
import { target, type Target } from './lib/server';

const daily = '/explore/shop/users_daily';
const byDay = `${daily}?fields=calendar.day_date,user_days.unique_users&f[calendar.day_date]=30+days`;
const pages: [string, string][] = [
  ['an answer', byDay],
  ['an empty page', daily],
  ['an error at a filter', byDay.replace('30+days', 'ninety+days')],
];
const themes: Look['theme'][] = ['light', 'dark', 'contrast'];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

let server: Target;
let browser: Browser;
before(async () => {
  server = await target();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = (await page.evaluate(
    'axe.run().then((result) => result.violations)',
  )) as Violation[];
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}

for (const theme of themes)
  for (const [name, path] of pages)
    test(`${name} in ${theme}`, async () => {
      const page = await open(browser, { theme });
      try {
        await page.goto(server.url + path);
        await settled(page);
        await page.waitForTimeout(200);
        assert.deepEqual(await violations(page), []);
      } finally {
        await page.context().close();
      }
    });

test('axe finds what is planted', async () => {
  const page = await open(browser);
  await page.goto(server.url + daily);
  await settled(page);
  await page.evaluate(() => document.querySelector('#field-search')?.removeAttribute('aria-label'));
  await page.evaluate(() =>
    document.querySelector('#field-search')?.removeAttribute('placeholder'),
  );
  assert.ok((await violations(page)).some((text) => text.startsWith('label')));
  await page.context().close();
});

test('pages have one first heading, landmarks, and a live region', async () => {
  const page = await open(browser);
  await page.goto(server.url + byDay);
  await settled(page);
  assert.equal(await page.locator('h1').count(), 1);
  for (const landmark of ['nav', 'header', 'main', 'aside'])
    assert.ok((await page.locator(landmark).count()) >= 1, landmark);
  assert.match(await page.locator('[role="status"]').innerText(), /30/);
  await page.context().close();
});

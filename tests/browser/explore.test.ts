// A person explores the example shop: picks fields, filters, runs, reads, reloads, goes back,
// reads an error where it was made, sorts, saves, and does all of it without a mouse and in
// narrow windows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { choose, filter, launch, open, rowCount, rows, settled, type Look } from './lib/browser';
import { target, type Target } from './lib/server';

const daily = '/explore/shop/users_daily';
const now = '/explore/shop/users_now';
const day = 'calendar.day_date';
const users = 'user_days.unique_users';
const prefecture = 'users_now.prefecture';
const count = 'users_now.count';
const byDay = `${daily}?fields=${day},${users}&f[${day}]=30+days`;
const byPrefecture = `${now}?fields=${prefecture},${count}&sorts=${count}+desc`;

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

/** Opens `path`, gives the page to `act`, and checks that the page asked nobody but its server. */
async function visit(path: string, look: Look, act: (page: Page) => Promise<void>): Promise<void> {
  const page = await open(browser, look);
  const trouble: string[] = [];
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) trouble.push(message.text());
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(server.url) && !url.startsWith('blob:')) trouble.push(`asks ${url}`);
  });
  try {
    await page.goto(server.url + path);
    await act(page);
    assert.deepEqual(trouble, []);
  } finally {
    await page.context().close();
  }
}

const number = (text: string | undefined): number => Number((text ?? '').replace(/[^\d.−-]/g, ''));

test('picks fields, filters, runs, reads the table, reloads and sees the same', () =>
  visit(now, {}, async (page) => {
    await choose(page, prefecture);
    await choose(page, count);
    await filter(page, prefecture, '東京都,大阪府');
    await settled(page);
    const first = await rows(page);
    assert.deepEqual(first.map((row) => row[0]).sort(), ['大阪府', '東京都'].sort());
    assert.ok(first.every((row) => number(row[1]) > 0));
    assert.match(decodeURIComponent(page.url()), /fields=users_now\.prefecture,users_now\.count/);
    assert.match(decodeURIComponent(page.url()), /f\[users_now\.prefecture\]=東京都,大阪府/);
    const said = await page.getByTestId('say').innerText();
    await page.reload();
    await settled(page);
    assert.deepEqual(await rows(page), first);
    assert.equal(await page.getByTestId('say').innerText(), said);
  }));

test('the first address leads to the first explore and offers questions', () =>
  visit('/', {}, async (page) => {
    await page.locator('[data-example="0"]').click();
    await settled(page);
    assert.ok((await rows(page)).length > 0);
    assert.match(page.url(), /\/explore\/shop\//);
  }));

test('days are a line of wholly counted days, the figure is one of them', () =>
  visit(byDay, {}, async (page) => {
    await settled(page);
    const read = await rows(page);
    assert.equal(await rowCount(page), 30);
    assert.match(read[0]?.[0] ?? '', /^\d+\/\d+（[日月火水木金土]）$/);
    await page.getByTestId('chart').locator('svg path').first().waitFor({ state: 'attached' });
    const figure = number(await page.getByTestId('kpi').locator('b').first().innerText());
    assert.ok(read.some((row) => number(row[1]) === figure));
    assert.match(await page.locator('.pill').innerText(), /までのデータ/);
  }));

test('an error of a filter stands at its chip with the text of the server', () =>
  visit(byDay.replace('30+days', 'ninety+days'), {}, async (page) => {
    const wrong = page.locator(`[data-wrong="${day}"]`);
    await wrong.waitFor();
    assert.match(await wrong.innerText(), /^error: /);
    assert.ok((await page.locator(`[data-chip="${day}"].bad`).count()) === 1);
    await page.locator(`[data-chip="${day}"] .edit`).click();
    await page.locator(`[data-filter-input="${day}"]`).fill('7 days');
    await page.getByTestId('apply').click();
    await settled(page);
    assert.equal((await rows(page)).length, 7);
    assert.equal(await wrong.count(), 0);
  }));

test('an unknown field is named and can be taken out', () =>
  visit(byPrefecture.replace(prefecture, 'users_now.prefectur'), {}, async (page) => {
    const problem = page.getByTestId('problem');
    await problem.waitFor();
    assert.match(await problem.innerText(), /users_now\.prefectur/);
    await problem.getByRole('button').click();
    await settled(page);
    assert.equal((await rows(page)).length, 1);
  }));

test('an unknown explore says so and leads to the others', () =>
  visit('/explore/shop/no_such_explore', {}, async (page) => {
    await page.getByTestId('problem').waitFor();
    await page.locator('.goto a', { hasText: /./ }).first().click();
    await page.locator('.empty').waitFor();
  }));

test('a header sorts and the order is in the address; back brings the answer before', () =>
  visit(byPrefecture, {}, async (page) => {
    await settled(page);
    const largest = await rows(page);
    const values = largest.map((row) => number(row[1]));
    assert.deepEqual(
      values,
      [...values].sort((a, b) => b - a),
    );
    await page.getByTestId('table').locator('th button').nth(1).click();
    await page.waitForURL((url) => url.searchParams.get('sorts') === count);
    await settled(page);
    const smallest = (await rows(page)).map((row) => number(row[1]));
    assert.deepEqual(
      smallest,
      [...smallest].sort((a, b) => a - b),
    );
    await page.goBack();
    await page.waitForFunction(
      (text) => document.querySelector('tbody tr:not(.gap) td')?.textContent?.trim() === text,
      largest[0]?.[0],
    );
    assert.deepEqual(await rows(page), largest);
    await page.goForward();
    await page.waitForURL((url) => url.searchParams.get('sorts') === count);
  }));

test('a changed question says that the answer is the old one until it is run', () =>
  visit(byPrefecture, {}, async (page) => {
    await settled(page);
    await choose(page, prefecture);
    await page.locator('.stale').waitFor();
    await page.keyboard.press('Control+Enter');
    await settled(page);
    assert.equal((await rows(page)).length, 1);
  }));

test('the file has a header and as many rows as the table', () =>
  visit(byDay, {}, async (page) => {
    await settled(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByText('CSVで保存').click(),
    ]);
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split(/\r?\n/);
    assert.equal(lines[0]?.replace(/^\uFEFF/, ''), `${day},${users}`);
    assert.equal(lines.length, 31);
  }));

test('everything is reached by keys: search, choose, filter, run, details', () =>
  visit(now, {}, async (page) => {
    await page.locator(`[data-field="${count}"]`).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(count);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Enter');
    await settled(page);
    assert.equal((await rows(page)).length, 1);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.keyboard.type('>0');
    await page.keyboard.press('Enter');
    await settled(page);
    assert.match(decodeURIComponent(page.url()), /f\[users_now\.count\]=>0/);
    await page.getByTestId('proof').getByRole('button').focus();
    await page.keyboard.press('Enter');
    assert.match(await page.getByTestId('sql').innerText(), /select/i);
    await page.keyboard.press('Escape');
    assert.equal(await page.getByTestId('sql').count(), 0);
  }));

test('another explore is chosen by the keyboard', () =>
  visit(now, {}, async (page) => {
    await page.locator('.pick').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').locator('a[href="/explore/shop/users_daily"]').focus();
    await page.keyboard.press('Enter');
    await page.locator(`.f:has-text("Σ")`).first().waitFor();
    await page.waitForURL(/users_daily/);
  }));

test('languages and colours are kept', () =>
  visit(byDay, {}, async (page) => {
    await settled(page);
    await page.getByRole('button', { name: 'English' }).click();
    await page.locator('.rail button', { hasText: 'Display' }).click();
    await page.locator('[data-theme-choice="dark"]').click();
    await page.reload();
    await settled(page);
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
    assert.match((await rows(page))[0]?.[0] ?? '', /^[A-Z][a-z]{2} \d+ \([A-Z][a-z]{2}\)$/);
  }));

test('at 390 px nothing is cut: the page never scrolls sideways, sheets open and close', () =>
  visit(byDay, { width: 390, height: 844 }, async (page) => {
    await settled(page);
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(await wide(), 390);
    await page.locator('.rail button.narrow').first().click();
    await page.locator('.fields.open').waitFor();
    assert.ok(await page.locator('#field-search').isVisible());
    assert.equal(await wide(), 390);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.fields.open').count(), 0);
    const cut = await page
      .locator('main, .bar')
      .evaluateAll((boxes) =>
        boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className),
      );
    assert.deepEqual(cut, []);
  }));

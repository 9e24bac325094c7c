// The states a person seldom sees: no server, a slow one, nothing found, late data, data not
// there yet, very many rows. The answers of the server are altered on their way to the page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page, Route } from 'playwright-core';
import { launch, open, rowCount, rows, settled } from './lib/browser';
import { target, type Target } from './lib/server';

const day = 'calendar.day_date';
const users = 'user_days.unique_users';
const byDay = `/explore/shop/users_daily?fields=${day},${users}&f[${day}]=30+days`;
const run = '**/api/4.0/queries/run/json_detail';

interface Answer {
  data: Record<string, { value: unknown; state?: string }>[];
  ran_at: string;
  freshness: { complete_through: string | null } | null;
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

async function visit(prepare: (page: Page) => Promise<void>, act: (page: Page) => Promise<void>) {
  const page = await open(browser);
  try {
    await prepare(page);
    await page.goto(server.url + byDay);
    await act(page);
  } finally {
    await page.context().close();
  }
}

/** Lets the server answer and changes what it said. */
function altered(change: (answer: Answer) => void): (page: Page) => Promise<void> {
  return (page) =>
    page.route(run, async (route: Route) => {
      const response = await route.fetch();
      const answer = (await response.json()) as Answer;
      change(answer);
      await route.fulfill({ response, json: answer });
    });
}

test('without a server the page says so and asks again', () =>
  visit(
    (page) => page.route('**/api/**', (route) => route.abort()),
    async (page) => {
      const problem = page.getByTestId('problem');
      await problem.waitFor();
      assert.match(await problem.innerText(), /サーバーにつながりません/);
      await page.unroute('**/api/**');
      await problem.getByRole('button').click();
      await settled(page);
      assert.equal(await rowCount(page), 30);
    },
  ));

test('a slow question shows the final layout, can be stopped after a second, and run again', () =>
  visit(
    (page) => page.route(run, async () => undefined),
    async (page) => {
      const stop = page.getByRole('button', { name: 'やめる' });
      await page.locator('.skeleton.answer').waitFor();
      assert.equal(await stop.count(), 0);
      await stop.first().waitFor();
      await stop.first().click();
      await page.getByTestId('run').waitFor();
      await page.unroute(run);
      await page.getByTestId('run').click();
      await settled(page);
      assert.equal(await rowCount(page), 30);
    },
  ));

test('nothing found is said, with one button that helps', () =>
  visit(
    altered((answer) => (answer.data = [])),
    async (page) => {
      await page.getByTestId('no-rows').waitFor();
      await page.unroute(run);
      await page.getByTestId('no-rows').getByRole('button').click();
      await settled(page);
      assert.ok((await rows(page)).length > 0);
      assert.ok(!page.url().includes('f['));
    },
  ));

test('late data is gold and says late', () =>
  visit(
    altered((answer) => {
      const late = new Date(Date.parse(answer.ran_at) - 27 * 3600e3).toISOString();
      if (answer.freshness) answer.freshness.complete_through = late;
    }),
    async (page) => {
      await settled(page);
      await page.locator('.pill.late').waitFor();
      assert.match(await page.locator('.pill').innerText(), /遅れています/);
    },
  ));

test('a day in progress and a day that has not arrived look different from zero', () =>
  visit(
    altered((answer) => {
      const [first, second, third] = answer.data;
      if (!first || !second || !third) throw new Error('too few rows');
      first[users] = { value: null, state: 'not_arrived' };
      second[users] = { value: 3, state: 'incomplete' };
      third[users] = { value: 0 };
    }),
    async (page) => {
      await settled(page);
      const read = (await rows(page)).slice(0, 3).map((row) => row[1]);
      assert.deepEqual(read, ['未到着', '途中3', '0']);
      await page.getByTestId('chart').getByText('未到着').waitFor();
    },
  ));

test('five thousand rows scroll with few of them in the page', () =>
  visit(
    altered((answer) => {
      const [row] = answer.data;
      const at = (i: number) => new Date(Date.UTC(2012, 0, 1 + i)).toISOString().slice(0, 10);
      const make = (i: number) => ({ ...row, [day]: { value: at(i) }, [users]: { value: i } });
      answer.data = Array.from({ length: 5000 }, (_, i) => make(i));
    }),
    async (page) => {
      await settled(page);
      assert.ok((await rows(page)).length < 100);
      await page.locator('.tablewrap').evaluate((box) => (box.scrollTop = box.scrollHeight));
      await page.getByTestId('table').getByText('4,999', { exact: true }).waitFor();
      assert.ok((await rows(page)).length < 100);
    },
  ));

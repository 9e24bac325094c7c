// The example's generator: topping up day by day gives what loading at once gives, and what the
// README of the example says happened is in the data.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { runOk } from './lib/process.ts';
import { ROOT, Shop } from './lib/shop.ts';

const TABLES = [
  'shops', 'users', 'orders', 'order_items', 'funding_offers', 'fundings', 'payouts', 'card_payments',
  'legacy_members',
];
let shop: Shop;
before(async () => {
  shop = await Shop.start();
});
after(() => shop?.stop());

const load = (database: string, until: string, scale = '0.01') =>
  runOk(join(ROOT, 'examples/shop/db/load'), [
    '--socket', shop.env.SHOP_DB_SOCKET!, '--user', shop.env.SHOP_DB_ADMIN!, '--database', database,
    '--until', until, '--scale', scale,
  ]);

async function checksums(database: string): Promise<(string | null)[]> {
  const rows = await shop.sql(`CHECKSUM TABLE ${TABLES.map((table) => `${database}.${table}`).join(', ')}`);
  return rows.map((row) => row[1]!);
}

async function one(sql: string): Promise<number> {
  return Number((await shop.sql(sql))[0]![0]);
}

test('three things happened, each where shop_seed.events says', async () => {
  const day = async (kind: string) =>
    (await shop.sql(`SELECT day FROM shop_seed.events WHERE kind = '${kind}'`))[0]![0]!;
  const orders = (days: string) => one(`SELECT AVG(orders_count) FROM shop_seed.days WHERE ${days}`);
  const incident = await day('orders_incident');
  const fall = (await orders(`day = '${incident}'`)) /
    (await orders(`day <> '${incident}' AND ABS(DATEDIFF(day, '${incident}')) IN (7, 14)`));
  assert.ok(fall > 0.3 && fall < 0.5, `orders on the incident day: ${fall} of the usual`);

  const fundable = (date: string) =>
    one(`SELECT COUNT(DISTINCT shop_id) FROM funding_offers WHERE ${date} BETWEEN valid_from AND valid_until`);
  const gap = `DATE('${await day('fundable_incident')}')`;
  const before_gap = await fundable(`${gap} - INTERVAL 1 DAY`);
  assert.ok((await fundable(gap)) < 0.75 * before_gap, 'fewer shops can be funded');
  assert.ok((await fundable(`${gap} + INTERVAL 1 DAY`)) > 0.95 * before_gap, 'the day after, all can');

  const release = await day('card_release');
  const share = (when: string) => one(`SELECT AVG(payment_method = 'card') FROM orders WHERE ordered_at ${when}`);
  assert.ok((await share(`>= '${release}'`)) > 1.2 * (await share(`< '${release}'`)), 'more cards');
});

test('an order is the sum of its lines, and no line is without its order', async () => {
  const wrong = await one(
    'SELECT COUNT(*) FROM orders o LEFT JOIN (SELECT order_id, SUM(quantity * unit_price) AS total' +
    ' FROM order_items GROUP BY order_id) i ON i.order_id = o.id WHERE NOT (o.total_amount <=> i.total)');
  assert.equal(wrong, 0);
  assert.equal(await one(
    'SELECT COUNT(*) FROM order_items i LEFT JOIN orders o ON o.id = i.order_id WHERE o.id IS NULL'), 0);
  assert.equal(await one("SELECT COUNT(*) FROM orders WHERE ordered_at >= '2026-11-01'"), 0);
});

test('topping up day by day equals loading at once', async () => {
  await load('twin', '2026-10-31');
  const first = await checksums('shop');
  assert.deepEqual(await checksums('twin'), first, 'the same load is the same data');
  await load('shop', '2026-11-24');
  for (const until of ['2026-11-01', '2026-11-02', '2026-11-09', '2026-11-10', '2026-11-24']) {
    await load('twin', until);
  }
  assert.deepEqual(await checksums('twin'), await checksums('shop'));
  assert.notDeepEqual(await checksums('shop'), first, 'something was added');
});

test('another scale is refused, an earlier day changes nothing', async () => {
  const now = await checksums('shop');
  await assert.rejects(load('shop', '2026-12-01', '0.02'), /has scale 0.01/);
  await load('shop', '2026-05-05');
  assert.deepEqual(await checksums('shop'), now);
});

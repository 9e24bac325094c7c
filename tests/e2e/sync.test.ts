// kura sync as a user runs it: every row of the source is there, a delta brings every kind of change,
// a killed or interrupted sync is made good by the next one. Both sides are read by SQL of our own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Shop, csvRows } from './lib/shop.ts';

interface Table {
  table: string;
  mode: string;
  rows: number;
  deleted: number;
  coerced: number;
  seconds: number;
  note: string;
}

let shop: Shop;
before(async () => {
  shop = await Shop.start();
  await shop.kuraOk(['sync']);
});
after(() => shop.stop());

async function sync(...args: string[]): Promise<Table[]> {
  const ended = await shop.kuraOk(['--json', 'sync', ...args]);
  return (JSON.parse(ended.stdout) as { tables: Table[] }).tables;
}

async function warehouse(sql: string): Promise<string[]> {
  const ended = await shop.kuraOk(['sql', sql, '--format', 'csv']);
  return csvRows(ended.stdout).slice(1).map((row) => row.join('|'));
}

async function source(sql: string): Promise<string[]> {
  return (await shop.sql(sql)).map((row) => row.map((cell) => cell ?? '').join('|'));
}

// A line per hundred rows with a hash over all their values.
async function ordersDiffer(): Promise<string[]> {
  const columns = "id, external_id, COALESCE(user_id, 0), status, total_amount, COALESCE(note, '-')";
  const actual = await warehouse(
    `SELECT id // 100 AS part, count(*), md5(string_agg(concat_ws('|', ${columns}, ` +
      "strftime(updated_at, '%Y-%m-%d %H:%M:%S.%f')), ';' ORDER BY id)) AS h " +
      'FROM raw_shop.orders GROUP BY part ORDER BY part',
  );
  const wanted = await source(
    'SET group_concat_max_len = 1000000; ' +
      `SELECT id DIV 100 AS part, COUNT(*), MD5(GROUP_CONCAT(CONCAT_WS('|', ${columns}, ` +
      "updated_at) ORDER BY id SEPARATOR ';')) AS h FROM orders GROUP BY part ORDER BY part",
  );
  assert.ok(wanted.length > 50, `${wanted.length} parts`);
  assert.equal(actual.length, wanted.length);
  return actual.filter((line, index) => line !== wanted[index]);
}

async function change(): Promise<void> {
  const newest = Number((await source('SELECT MAX(id) FROM orders'))[0]);
  await shop.sql(
    `UPDATE orders SET total_amount = total_amount + 1 WHERE id % 97 = 5;
     DELETE FROM order_items WHERE order_id % 301 = 7;
     DELETE FROM orders WHERE id % 301 = 7 AND id NOT IN (SELECT order_id FROM order_items);
     CREATE TEMPORARY TABLE one AS SELECT * FROM orders WHERE id = ${newest};
     UPDATE one SET id = id + 1, updated_at = NOW(6);
     INSERT INTO orders SELECT * FROM one`,
  );
}

test('every table has the rows of the source', async () => {
  const names = await source(
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'shop' ORDER BY 1");
  assert.ok(names.length >= 9, names.join());
  for (const name of names) {
    assert.deepEqual(
      await warehouse(`SELECT count(*) FROM raw_shop."${name}"`),
      await source(`SELECT COUNT(*) FROM \`${name}\``), name);
  }
  assert.deepEqual(await ordersDiffer(), []);
});

test('values that cannot be represented are counted', async () => {
  const zero = await source("SELECT COUNT(*) FROM legacy_members WHERE joined_on = '0000-00-00'");
  assert.ok(Number(zero[0]) > 0);
  assert.deepEqual(
    await warehouse(
      "SELECT sum(count)::BIGINT FROM _kura.coercions WHERE \"table\" = 'legacy_members' " +
        "AND \"column\" = 'joined_on' AND reason = 'zero_date'"),
    zero);
});

test('a delta brings inserts, updates and deletes', async () => {
  await change();
  const [orders] = await sync('orders');
  assert.equal(orders!.mode, 'delta');
  assert.ok(orders!.deleted > 0 && orders!.rows > 0);
  assert.ok(orders!.seconds < 2, `${orders!.seconds} s`);
  assert.deepEqual(await ordersDiffer(), []);
});

for (const point of ['after_stage_commit', 'between_data_and_state', 'before_commit', 'after_commit']) {
  test(`kill -9 at ${point}, then a sync: nothing differs`, async () => {
    await change();
    const killed = await shop.kura(['sync', 'orders'], { env: { KURA_KILL_AT: point } });
    assert.equal(killed.signal, 'SIGKILL');
    await sync('orders');
    assert.deepEqual(await ordersDiffer(), []);
  });
}

test('many vanished rows are removed only when that is confirmed', async () => {
  await sync('order_items');
  const before = await source('SELECT COUNT(*) FROM order_items');
  assert.ok(Number(before[0]) > 2000, before[0]);
  await shop.sql('DELETE FROM order_items');
  const refused = await shop.kura(['sync', 'order_items']);
  assert.equal(refused.code, 3);
  assert.match(refused.stderr, /--confirm-deletes/);
  assert.deepEqual(await warehouse('SELECT count(*) FROM raw_shop.order_items'), before);
  await sync('order_items', '--confirm-deletes');
  assert.deepEqual(await warehouse('SELECT count(*) FROM raw_shop.order_items'), ['0']);
});

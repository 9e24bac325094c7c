// kura verify as a user runs it: equal data, a difference named with exit code 4, its repair, the
// same beside a running server, and a source that is gone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Shop } from './lib/shop.ts';

interface Found {
  count: number;
  keys: string[];
}
interface Verdict {
  table: string;
  status: string;
  source_rows: number;
  rows: number;
  values_share: number;
  missing: Found;
  changed: Found;
  repaired: number;
}

let shop: Shop;
before(async () => {
  shop = await Shop.start();
  await shop.kuraOk(['sync']);
});
after(() => shop.stop());

async function verify(args: string[], code: number): Promise<Verdict[]> {
  const ended = await shop.kura(['--json', 'verify', ...args]);
  assert.equal(ended.code, code, ended.stdout + ended.stderr);
  return (JSON.parse(ended.stdout) as { tables: Verdict[] }).tables;
}

/** A change that no cursor sees; not one of the rows that are too new to be compared. */
async function changeBehind(): Promise<number> {
  const [[id]] = (await shop.sql('SELECT MIN(id) FROM orders')) as [[string]];
  await shop.sql(
    `UPDATE orders SET total_amount = total_amount + 1, updated_at = updated_at WHERE id = ${id}`);
  return Number(id);
}

test('after a sync every table is equal', async () => {
  const ended = await shop.kuraOk(['verify']);
  assert.match(ended.stdout, /^orders +keys +[\d,]+ = +[\d,]+ +values 100 % +ok$/m);
  assert.match(ended.stdout, /^\d+ tables are equal to the source$/m);
  for (const verdict of await verify([], 0)) {
    assert.equal(verdict.status, 'equal', JSON.stringify(verdict));
    assert.equal(verdict.source_rows, verdict.rows);
  }
  const [kept] = (await shop.kuraOk(['sql', 'SELECT count(*) FROM _kura.verifications WHERE status = \'equal\'', '--format', 'csv'])).stdout.split('\n').slice(1);
  assert.ok(Number(kept) >= 9, kept);
});

test('a difference is named, ends with 4, and is repaired', async () => {
  const id = await changeBehind();
  const ended = await shop.kura(['verify', 'orders']);
  assert.equal(ended.code, 4);
  assert.match(ended.stdout, new RegExp(`1 row has other values here: id ${id} \\(total_amount\\)`));
  assert.match(ended.stdout, /kura verify orders --repair/);
  const [repaired] = await verify(['orders', '--repair'], 0);
  assert.equal(repaired!.status, 'equal');
  assert.equal(repaired!.repaired, 1);
  await verify(['orders'], 0);
});

test('beside a running server it is the same, and the server stays', async () => {
  const server = await shop.serve();
  const id = await changeBehind();
  const [differs] = await verify(['orders', '--budget', '1m'], 4);
  assert.deepEqual(differs!.changed, { count: 1, keys: [`${id} (total_amount)`] });
  await verify(['orders', '--repair'], 0);
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  assert.equal(await server.stop(), 0);
});

test('wrong use and a source that is away say so', async () => {
  assert.equal((await shop.kura(['verify', '--budget', 'soon'])).code, 2);
  const unknown = await shop.kura(['verify', 'order']);
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /did you mean 'orders'/);
  const away = await shop.kura(['verify'], { env: { SHOP_DB_PORT: '1' } });
  assert.equal(away.code, 3);
});

// `kura serve` keeps the data fresh by itself: `every:` of kura.yaml, also for a table of its own,
// and after the database was away.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Shop, type Server } from './lib/shop.ts';

let shop: Shop;
before(async () => {
  shop = await Shop.start();
  await shop.kuraOk(['sync']);
  shop.edit('kura.yaml', (text) => text.replace(/^( +)type: mysql/m, '$1type: mysql\n$1every: 1s'));
});
after(() => shop.stop());

async function points(server: Server): Promise<number> {
  const answer = await fetch(`${server.url}/api/4.0/queries/run/json`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ model: 'shop', view: 'users_now', fields: ['users_now.total_points'], limit: '1' }),
  });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return Number(Object.values(JSON.parse(text)[0])[0]);
}

async function until(what: string, seconds: number, check: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('what changes at the source is in the answers without a command', async () => {
  const server = await shop.serve();
  const begin = await points(server);
  await shop.sql('UPDATE users SET points = points + 1000000, updated_at = NOW(6) WHERE id = 1');
  await until('the new points', 10, async () => (await points(server)) === begin + 1_000_000);
  await until('a line in the log', 5, async () => /copied shop: \d+ tables/.test(server.log()));
  assert.equal(await server.stop(), 0);
});

test('a failed copy is said, keeps the answers, and is tried again', async () => {
  const server = await shop.serve({ SHOP_DB_PORT: '1' });
  const begin = await points(server);
  await until('the error in the log', 10, async () =>
    /copying shop failed: .*127\.0\.0\.1:1.*tried again in \d+ s/s.test(server.log()),
  );
  assert.equal(await points(server), begin);
  assert.equal(await server.stop(), 0);
});

test('a sync that runs stops with the server', async () => {
  const server = await shop.serve();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const begin = performance.now();
  assert.equal(await server.stop(), 0);
  assert.ok(performance.now() - begin < 3000);
});

// Commands beside a running `kura serve`: they go to it over .kura/kura.sock and look, end and stop
// as if they ran at home; what a sync changes is in the server's next answer.
import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Shop, type Server } from './lib/shop.ts';

let shop: Shop;
let server: Server;
const QUESTION = ['query', 'users_now', 'users_now.prefecture', 'users_now.count', '--format', 'csv'];
let alone: string;

before(async () => {
  shop = await Shop.start();
  await shop.kuraOk(['sync']);
  alone = (await shop.kuraOk(QUESTION)).stdout;
  server = await shop.serve();
});
after(() => shop.stop());

test('a question has the same answer, note and exit code as alone', async () => {
  const beside = await shop.kuraOk(QUESTION);
  assert.equal(beside.stdout, alone);
  assert.ok(alone.split('\n').length > 40);
  const table = await shop.kuraOk([...QUESTION.slice(0, -2), '--limit', '1']);
  assert.match(table.stderr, /1 row in .* reads raw_shop\.users/);
  const wrong = await shop.kura(['query', 'users_now', 'users_now.prefectur']);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /did you mean 'users_now\.prefecture'/);
  assert.equal((await shop.kura(['query'])).code, 2);
});

test('the sender decides about its time, language and form', async () => {
  const days = ['query', 'users_daily', 'calendar.day_date', '--filter', 'calendar.day_date=1 days', '--format', 'csv'];
  assert.match((await shop.kuraOk(days)).stdout, /2026-11-01/);
  const other = await shop.kuraOk(days, { env: { KURA_NOW: '2026-05-05T09:00:00+09:00' } });
  assert.match(other.stdout, /2026-05-05/);
  const json = JSON.parse((await shop.kuraOk(['--json', 'sql', 'select 1 as x'])).stdout);
  assert.deepEqual(json, [{ x: 1 }]);
});

test('a sync beside the server is in its next answer', async () => {
  await shop.sql("UPDATE users SET prefecture = '沖縄県', updated_at = NOW(6) WHERE id <= 50");
  const synced = await shop.kuraOk(['sync', 'users']);
  assert.match(synced.stdout, /^users +delta +[1-9]/m);
  const answer = await fetch(`${server.url}/api/4.0/queries/run/csv`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      model: 'shop', view: 'users_now', fields: ['users_now.prefecture', 'users_now.count'], limit: '500',
    }),
  });
  const fromServer = await answer.text();
  const fromCommand = (await shop.kuraOk(QUESTION)).stdout;
  const okinawa = (text: string) => Number(/沖縄県,(\d+)/.exec(text)![1]);
  assert.ok(okinawa(fromCommand) > okinawa(alone));
  assert.equal(okinawa(fromServer), okinawa(fromCommand));
});

test('Ctrl-C stops a command in the server, and the server goes on', async () => {
  const ended = await shop.kura(['sql', 'select sum(a.range * b.range) from range(1000000) a, range(1000000) b'], {
    started: (child) => setTimeout(() => child.kill('SIGINT'), 700),
    timeoutMs: 20_000,
  });
  assert.equal(ended.code, 130);
  assert.ok(ended.seconds < 3, `${ended.seconds} s`);
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  await shop.kuraOk(QUESTION);
});

test('a sender that is killed stops its command too', async () => {
  const ended = await shop.kura(['sql', 'select sum(a.range * b.range) from range(1000000) a, range(1000000) b'], {
    started: (child) => setTimeout(() => child.kill('SIGKILL'), 500),
  });
  assert.equal(ended.signal, 'SIGKILL');
  const begin = performance.now();
  await shop.kuraOk(QUESTION);
  assert.ok(performance.now() - begin < 5000);
});

test('the socket is for this user only, and goes with the server', async () => {
  const path = join(shop.project, '.kura/kura.sock');
  assert.equal(statSync(path).mode & 0o777, 0o700 & 0o777);
  assert.equal(await server.stop(), 0);
  assert.ok(!existsSync(path));
  assert.equal((await shop.kuraOk(QUESTION)).code, 0);
});

test('a socket that a killed server left is no obstacle', async () => {
  const other = await shop.serve();
  other.child.kill('SIGKILL');
  await new Promise((resolve) => other.child.on('close', resolve));
  assert.ok(existsSync(join(shop.project, '.kura/kura.sock')));
  await shop.kuraOk(QUESTION);
  const again = await shop.serve();
  await shop.kuraOk(QUESTION);
  assert.equal(await again.stop(), 0);
});

test('questions are answered while a sync of the command line runs', async () => {
  const [synced, asked] = await Promise.all([
    shop.kura(['sync', '--full']),
    new Promise((resolve) => setTimeout(resolve, 150)).then(() => shop.kura(QUESTION)),
  ]);
  assert.equal(synced.code, 0, synced.stderr);
  assert.equal(asked.code, 0, asked.stderr);
});

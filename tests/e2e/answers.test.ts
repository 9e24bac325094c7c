// The two headline questions, computed a second time by SQL of our own on the source, row by row;
// and a changed row is in the answer after a sync.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Shop, csvRows, UNTIL } from './lib/shop.ts';

let shop: Shop;
before(async () => {
  shop = await Shop.start();
  await shop.kuraOk(['sync']);
});
after(() => shop.stop());

test('users now by prefecture equal the source', async () => {
  const ended = await shop.kuraOk([
    'query', 'users_now', 'users_now.prefecture', 'users_now.count',
    '--sort', 'users_now.count desc', '--format', 'csv', '--limit', '-1',
  ]);
  const [header, ...rows] = csvRows(ended.stdout);
  assert.deepEqual(header, ['users_now.prefecture', 'users_now.count']);
  const wanted = await shop.sql(
    'SELECT prefecture, COUNT(*) FROM users WHERE deleted_at IS NULL AND is_test = 0 GROUP BY prefecture');
  assert.ok(wanted.length > 40, `${wanted.length} prefectures`);
  const sorted = (list: (string | null)[][]) => list.map((r) => `${r[0] ?? ''}=${r[1]}`).sort();
  assert.deepEqual(sorted(rows), sorted(wanted));
  const counts = rows.map((row) => Number(row[1]));
  assert.deepEqual(counts, [...counts].sort((a, b) => b - a));
});

test('unique users by day: 90 rows, quiet days are 0, days not arrived are empty', async () => {
  const args = ['query', 'users_daily', 'calendar.day_date', 'user_days.unique_users',
    '--filter', 'calendar.day_date=90 days', '--format', 'csv'];
  const [header, ...rows] = csvRows((await shop.kuraOk(args)).stdout);
  assert.deepEqual(header, ['calendar.day_date', 'user_days.unique_users']);
  assert.equal(rows.length, 90);
  const wanted = new Map((await shop.sql(
    `SELECT DATE(ordered_at), COUNT(DISTINCT user_id) FROM orders
     WHERE deleted_at IS NULL AND status <> 'cancelled' GROUP BY 1`)).map((r) => [r[0]!, r[1]!]));
  for (const [day, users] of rows) {
    assert.equal(users, wanted.get(day!) ?? '0', day);
  }
  assert.ok(rows.some((row) => row[0] === UNTIL));
  // A week after the data's end the days that it cannot reach have no value.
  const tokyoNow = '2030-01-08T09:00:00+09:00';
  const later = csvRows((await shop.kuraOk(args, { env: { KURA_NOW: tokyoNow } })).stdout).slice(1);
  assert.equal(later.length, 90);
  const last = later.find((row) => row[0] === '2030-01-08');
  assert.deepEqual(last, ['2030-01-08', '']);
});

test('a row inserted, updated and changed in edge columns is in the answer in under 2 s', async () => {
  await shop.sql(`INSERT INTO users (id, name, email, prefecture, points, preferences)
    SELECT MAX(id) + 1, '新しい人 😀', 'new@example.com', '沖縄県', 4294967295, '{"a": 1}' FROM users`);
  await shop.sql(`SET sql_mode = ''; UPDATE users SET prefecture = NULL, birthday = '0000-00-00' WHERE id = 7`);
  const ended = await shop.kuraOk(['sync', 'users']);
  assert.ok(ended.seconds < 2, `${ended.seconds} s`);
  const rows = csvRows((await shop.kuraOk(['sql',
    "select name, prefecture, points, birthday from raw_shop.users where id = 7 or id = (select max(id) from raw_shop.users) order by id",
    '--format', 'csv'])).stdout);
  assert.equal(rows[1]![1], '');
  assert.equal(rows[1]![3], '', 'a zero date has no value');
  assert.deepEqual(rows[2], ['新しい人 😀', '沖縄県', '4294967295', '']);
  const counted = await shop.kuraOk(['sql', "from _kura.coercions", '--format', 'csv']);
  assert.match(counted.stdout, /users,birthday/);
});

test('the SQL of a question runs as it is printed', async () => {
  const sql = await shop.kuraOk(['query', 'users_now', 'users_now.count', '--format', 'sql']);
  const again = await shop.kuraOk(['sql', sql.stdout, '--format', 'csv']);
  const direct = await shop.kuraOk(['query', 'users_now', 'users_now.count', '--format', 'csv']);
  assert.equal(csvRows(again.stdout)[1]![0], csvRows(direct.stdout)[1]![0]);
});

test('every stage can be printed', async () => {
  for (const stage of ['syntax', 'model', 'plan', 'sql']) {
    const ended = await shop.kuraOk(['query', 'users_now', 'users_now.count', '--stage', stage]);
    assert.ok(ended.stdout.length > 20, stage);
  }
});

test('the example validates without a finding', async () => {
  const ended = await shop.kuraOk(['validate', '--json']);
  const found = JSON.parse(ended.stdout) as { errors: number; warnings: number };
  assert.equal(found.errors, 0, ended.stdout);
  assert.equal(found.warnings, 0, ended.stdout);
});

// What a person can get wrong, and what the world can do: each has a clear message, the right exit
// code, and leaves the data as it was.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Shop, KURA } from './lib/shop.ts';
import { run } from './lib/process.ts';

let shop: Shop;
before(async () => {
  shop = await Shop.start();
  await shop.kuraOk(['sync']);
});
after(() => shop.stop());

/** The number of users in the warehouse, to see that nothing changed. */
async function users(): Promise<string> {
  const ended = await shop.kuraOk(['sql', 'select count(*) from raw_shop.users', '--format', 'csv']);
  return ended.stdout.split('\n')[1]!.trim();
}

test('an unknown field is named with the nearest one', async () => {
  const ended = await shop.kura(['query', 'users_now', 'users_now.prefectur', 'users_now.count']);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /users_now\.prefecture/);
});

test('an unknown explore is named with the nearest one', async () => {
  const ended = await shop.kura(['query', 'users_nwo', 'users_now.count']);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /users_now/);
});

test('a filter that cannot be read is shown with its place', async () => {
  const ended = await shop.kura([
    'query', 'users_daily', 'calendar.day_date', '--filter', 'calendar.day_date=90 dayz',
  ]);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /filters\.calendar\.day_date:1:\d+/);
});

test('a wrong option is wrong usage', async () => {
  assert.equal((await shop.kura(['query'])).code, 2);
  assert.equal((await shop.kura(['query', 'users_now', 'count', '--format', 'pdf'])).code, 2);
  assert.equal((await shop.kura(['nonsense'])).code, 2);
});

test('an unknown key of kura.yaml has its place and the nearest key', async () => {
  const path = join(shop.project, 'kura.yaml');
  let original = '';
  shop.edit('kura.yaml', (text) => {
    original = text;
    return text.replace(/^timezone:/m, 'timezon:');
  });
  const ended = await shop.kura(['validate']);
  writeFileSync(path, original);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /kura\.yaml:\d+:\d+: error: there is no key 'timezon'/);
  assert.match(ended.stderr, /did you mean 'timezone'/);
});

test('broken LookML gives every mistake of the file with a caret', async () => {
  const path = join(shop.project, 'lookml/broken.view.lkml');
  writeFileSync(path, 'view: broken {\n  dimension: a { type: strng }\n  dimension b { }\n  measure: c { type: cont }\n}\n');
  const ended = await shop.kura(['validate']);
  run('rm', [path]);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /lookml\/broken\.view\.lkml:3:\d+: error/);
  assert.match(ended.stderr, /\^/);
});

test('no project is said with what to do', async () => {
  const ended = await run(KURA, ['--project', '/', 'validate']);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /there is no kura\.yaml/);
});

test('a missing variable is named with its place, and no secret is shown', async () => {
  const ended = await shop.kura(['sync'], { env: { SHOP_DB_PASSWORD: undefined } });
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /SHOP_DB_PASSWORD is not set/);
  assert.match(ended.stderr, /kura\.yaml:\d+:\d+/);
});

test('a wrong password says so and changes nothing', async () => {
  const count = await users();
  const ended = await shop.kura(['sync'], { env: { SHOP_DB_PASSWORD: 'secret-typo' } });
  assert.equal(ended.code, 3);
  assert.match(ended.stderr, /access denied/i);
  assert.doesNotMatch(ended.stdout + ended.stderr, /secret-typo/);
  assert.equal(await users(), count);
});

test('a server that is not there says where it was looked for', async () => {
  const ended = await shop.kura(['sync'], { env: { SHOP_DB_PORT: '1' } });
  assert.equal(ended.code, 3);
  assert.match(ended.stderr, /127\.0\.0\.1:1\b/);
});

test('an unknown table is named with the nearest one', async () => {
  const ended = await shop.kura(['sync', 'ordres']);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /orders/);
});

test('the warehouse is held by a process that takes no commands', async () => {
  const lock = join(shop.project, '.kura/owner.lock');
  const holder = spawn('flock', [lock, 'sleep', '60'], { stdio: 'ignore', detached: true });
  try {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const ended = await shop.kura(['query', 'users_now', 'users_now.count']);
    assert.equal(ended.code, 3);
    assert.match(ended.stderr, /in use by kura/);
    assert.doesNotMatch(ended.stderr, /could not set lock/i);
  } finally {
    process.kill(-holder.pid!);
  }
  assert.equal((await shop.kura(['query', 'users_now', 'users_now.count'])).code, 0);
});

test('a port in use names another', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const port = String((taken.address() as { port: number }).port);
  const ended = await shop.kura(['serve', '--port', port]);
  taken.close();
  assert.equal(ended.code, 3);
  assert.match(ended.stderr, new RegExp(`${port}.*in use`));
  assert.match(ended.stderr, /--port/);
});

test('Ctrl-C in the middle of a sync leaves the table as it was', async () => {
  const count = await users();
  await shop.sql('INSERT INTO _big SELECT seq, REPEAT("x", 200), NOW(6) FROM seq_1_to_400000')
    .catch(() => shop.sql('CREATE TABLE _big (id INT PRIMARY KEY, t VARCHAR(255), updated_at DATETIME(6)); INSERT INTO _big SELECT seq, REPEAT("x", 200), NOW(6) FROM seq_1_to_400000'));
  const ended = await shop.kura(['sync', '--full', '_big', 'users'], {
    started: (child) => setTimeout(() => child.kill('SIGINT'), 150),
  });
  await shop.sql('DROP TABLE _big');
  assert.equal(ended.code, 130);
  assert.ok(ended.seconds < 5, `stopped after ${ended.seconds} s`);
  assert.equal(await users(), count);
});

test('a full disk is an error with its place, and the data stays', async () => {
  const count = await users();
  // A limit on the size of files is what a full disk looks like to a program.
  const ended = await new Promise<{ code: number | null; stderr: string }>((resolve) => {
    const child = spawn('sh', ['-c', `ulimit -f 1500; trap '' XFSZ; exec "$0" "$@"`, KURA,
      '--project', shop.project, 'sync', '--full'], {
      env: { ...process.env, ...shop.env }, stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('close', (code) => resolve({ code, stderr }));
  });
  assert.equal(ended.code, 3, ended.stderr);
  assert.match(ended.stderr, /error: /);
  assert.equal(await users(), count);
});

test('free SQL cannot write and cannot read files', async () => {
  const count = await users();
  for (const text of ['delete from raw_shop.users', 'drop table raw_shop.users',
    "copy raw_shop.users to '/tmp/kura_leak.csv'", "select * from read_csv('/etc/passwd')",
    'select 1; delete from raw_shop.users', "attach '/tmp/kura_other.db'"]) {
    const ended = await shop.kura(['sql', text]);
    assert.equal(ended.code, 1, `${text}\n${ended.stdout}${ended.stderr}`);
  }
  assert.equal(await users(), count);
});

// kura init on the example's database: the project works unedited, leaves out what it says, and
// nothing is overwritten or leaked. kura doctor: fine, and with the database, the variable and the
// rights missing.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { KURA, Shop, csvRows } from './lib/shop.ts';
import { run, type Ended } from './lib/process.ts';

let shop: Shop;
let project: string;
let first: Ended;
before(async () => {
  shop = await Shop.start();
  project = join(shop.folder, 'new');
  first = await kura(['init', project, '--from', url()]);
});
after(() => shop.stop());

const url = (rest = '') => `mysql://kura_reader@127.0.0.1:${shop.env.SHOP_DB_PORT}/shop${rest}`;
const env = () => ({ ...shop.env, KURA_NOW: '2026-11-01T09:00:00+09:00', LANG: 'C.UTF-8' });
const kura = (args: string[], more: Record<string, string | undefined> = {}) =>
  run(KURA, args, { env: { ...env(), ...more } });
const inProject = (args: string[], more: Record<string, string | undefined> = {}) =>
  kura(['--project', project, ...args], more);

async function ok(args: string[]): Promise<string> {
  const ended = await inProject(args);
  assert.equal(ended.code, 0, `${args.join(' ')}\n${ended.stdout}${ended.stderr}`);
  return ended.stdout;
}

/** Every file of a folder, with its text. */
function texts(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true } as { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join((entry as unknown as { path: string }).path, entry.name), 'utf8'));
}

test('init writes a project and says what to do next', () => {
  assert.equal(first.code, 0, first.stdout + first.stderr);
  for (const name of ['kura.yaml', '.gitignore', 'lookml/shop.model.lkml',
    'lookml/raw/orders.view.lkml', 'lookml/marts/users_now.view.lkml', 'lookml/marts/user_days.view.lkml']) {
    assert.ok(existsSync(join(project, name)), name);
  }
  assert.match(first.stdout, /kura sync/);
  assert.match(first.stdout, /users\.email/);
  const config = readFileSync(join(project, 'kura.yaml'), 'utf8');
  assert.match(config, /password: \$\{SHOP_DB_PASSWORD\}/);
  assert.match(config, /^ {4}datetime_zone: Asia\/Tokyo$/m, 'card payments and users show the offset');
  assert.match(config, /# {3}users: \{mask: \{.*email: sha256/);
});

test('no password is in any file, and nothing personal', () => {
  const email = /[\w.]+@[\w.]+\.\w+/;
  const all = texts(project);
  assert.ok(all.length >= 15, `${all.length} files`);
  for (const text of all) {
    assert.ok(!text.includes(shop.env.SHOP_DB_PASSWORD!));
    assert.ok(!email.test(text.replace(/kura_reader@[\w.]+/g, '')), text.slice(0, 200));
  }
});

test('the project syncs, validates without a word and answers unedited', async () => {
  await ok(['sync']);
  const checked = JSON.parse(await ok(['validate', '--json'])) as { errors: number; warnings: number };
  assert.deepEqual([checked.errors, checked.warnings], [0, 0]);

  const now = csvRows(await ok(['query', 'users_now', 'users_now.prefecture', 'users_now.count',
    '--format', 'csv', '--limit', '-1'])).slice(1);
  const wanted = await shop.sql(
    'SELECT prefecture, COUNT(*) FROM users WHERE deleted_at IS NULL AND is_test = 0 GROUP BY prefecture');
  const sorted = (list: (string | null)[][]) => list.map((r) => `${r[0] ?? ''}=${r[1]}`).sort();
  assert.deepEqual(sorted(now), sorted(wanted));

  const days = csvRows(await ok(['query', 'users_daily', 'calendar.day_date', 'user_days.unique_users',
    'user_days.orders', '--filter', 'calendar.day_date=90 days', '--format', 'csv'])).slice(1);
  assert.equal(days.length, 90);
  const facts = new Map((await shop.sql(
    `SELECT DATE(ordered_at), COUNT(DISTINCT user_id), COUNT(*) FROM orders
     WHERE deleted_at IS NULL AND status <> 'cancelled'
       AND user_id NOT IN (SELECT id FROM users WHERE is_test = 1) GROUP BY 1`)).map((r) => [r[0]!, r.slice(1)]));
  for (const [day, users, orders] of days) {
    assert.deepEqual([users, orders], facts.get(day!) ?? ['0', '0'], day);
  }
});

test('explores say what they leave out, and mart views hold nothing personal', () => {
  const model = readFileSync(join(project, 'lookml/shop.model.lkml'), 'utf8');
  assert.match(model, /explore: users_now \{[^}]*is_test = 1[^}]*deleted_at/);
  const mart = readFileSync(join(project, 'lookml/marts/users_now.view.lkml'), 'utf8');
  assert.doesNotMatch(mart, /dimension(_group)?: (name|email|phone|birthday|deleted)\b/);
  const raw = readFileSync(join(project, 'lookml/raw/users.view.lkml'), 'utf8');
  assert.match(raw, /dimension: email \{\n[^\n]*\n[^\n]*\n {4}tags: \["pii"\]/);
});

test('nothing is overwritten', async () => {
  const before = texts(project).join('');
  const again = await kura(['init', project, '--from', url()]);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /kura\.yaml/);
  assert.equal(texts(project).join(''), before);

  const half = join(shop.folder, 'half');
  mkdirSync(join(half, 'lookml'), { recursive: true });
  writeFileSync(join(half, 'lookml/shop.model.lkml'), '# mine\n');
  const refused = await kura(['init', half, '--from', url(), '--json']);
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /lookml\/shop\.model\.lkml/);
  assert.ok(!existsSync(join(half, 'kura.yaml')));
  assert.equal(readFileSync(join(half, 'lookml/shop.model.lkml'), 'utf8'), '# mine\n');
});

test('passwords: a variable of one\'s own, MYSQL_PWD, the address, none', async () => {
  const bare = { SHOP_DB_PASSWORD: undefined };
  const password = shop.env.SHOP_DB_PASSWORD!;
  const named = await kura(['init', join(shop.folder, 'a'), '--from', url(), '--password-env', 'PW'],
    { ...bare, PW: password });
  assert.equal(named.code, 0, named.stderr);
  assert.match(readFileSync(join(shop.folder, 'a/kura.yaml'), 'utf8'), /\$\{PW\}/);
  const client = await kura(['init', join(shop.folder, 'b'), '--from', url()], { ...bare, MYSQL_PWD: password });
  assert.equal(client.code, 0, client.stderr);
  assert.match(client.stdout, /export SHOP_DB_PASSWORD=/);
  const address = url().replace('kura_reader@', `kura_reader:${password}@`);
  const leaked = await kura(['init', join(shop.folder, 'c'), '--from', address], bare);
  assert.equal(leaked.code, 0, leaked.stderr);
  assert.match(leaked.stderr, /warning/);
  assert.ok(!(leaked.stdout + leaked.stderr + texts(join(shop.folder, 'c')).join('')).includes(password));
  const unset = await kura(['init', join(shop.folder, 'd'), '--from', url(), '--password-env', 'NOPE'], bare);
  assert.equal(unset.code, 1);
  const none = await kura(['init', join(shop.folder, 'd'), '--from', url()], { ...bare, SHOP_DB_PASSWORD: 'wrong' });
  assert.equal(none.code, 3);
  assert.ok(!existsSync(join(shop.folder, 'd')));
});

test('addresses that cannot be meant are refused before anything is asked', async () => {
  for (const address of ['shop', 'postgres://a@b/c', 'mysql://host/db', 'mysql://a@host', 'mysql://a@h:0/db',
    'mysql://a@h/db?tls=maybe', 'mysql://a@h/db?compress=1']) {
    const ended = await kura(['init', join(shop.folder, 'e'), '--from', address]);
    assert.equal(ended.code, 1, address);
    assert.match(ended.stderr, /--from: /, address);
  }
});

interface Report {
  errors: number;
  warnings: number;
  lines: { level: string; area: string; message: string; fix: string }[];
}

async function doctor(more: Record<string, string | undefined> = {}): Promise<[Report, number | null]> {
  const ended = await inProject(['doctor', '--json'], more);
  return [JSON.parse(ended.stdout) as Report, ended.code];
}

test('the doctor finds nothing wrong, and the table without a key', async () => {
  const [report, code] = await doctor();
  assert.equal(code, 0, JSON.stringify(report));
  assert.equal(report.errors, 0);
  assert.ok(report.lines.some((line) => line.level === 'warning' && line.message.includes('legacy_members')));
  assert.ok(report.lines.some((line) => line.level === 'ok' && line.message.includes('Asia/Tokyo')));
});

test('the doctor names an index, a new column and an undecided zone', async () => {
  await shop.sql('ALTER TABLE orders ADD COLUMN coupon_id INT NULL');
  await shop.sql('CREATE TABLE late (id INT PRIMARY KEY, updated_at DATETIME)');
  const config = readFileSync(join(project, 'kura.yaml'), 'utf8');
  writeFileSync(join(project, 'kura.yaml'), config.replace(/^ {4}datetime_zone/m, '    # datetime_zone'));
  const [report, code] = await doctor();
  writeFileSync(join(project, 'kura.yaml'), config);
  assert.equal(code, 1);
  const fixes = report.lines.map((line) => `${line.level} ${line.message} ${line.fix}`).join('\n');
  assert.match(fixes, /CREATE INDEX late_updated_at ON late \(updated_at\);/);
  assert.match(fixes, /warning changed since the last sync: .*\+ orders\.coupon_id/);
  assert.match(fixes, /error it is undecided .*datetime_zone: Asia\/Tokyo/);
  await shop.sql('DROP TABLE late');
});

test('the doctor goes on without the database, the variable and the rights', async () => {
  const [unset, unsetCode] = await doctor({ SHOP_DB_PASSWORD: undefined });
  assert.equal(unsetCode, 1);
  assert.equal(unset.errors, 1);
  assert.ok(unset.lines.some((line) => line.fix.includes('export SHOP_DB_PASSWORD')));
  assert.ok(unset.lines.some((line) => line.area === 'freshness'));

  await shop.sql("REVOKE PROCESS ON *.* FROM kura_reader@'127.0.0.1'");
  const [blind] = await doctor();
  assert.ok(blind.lines.some((line) => line.fix.includes('GRANT PROCESS ON *.* TO')));

  const config = readFileSync(join(project, 'kura.yaml'), 'utf8');
  writeFileSync(join(project, 'kura.yaml'), config.replace(/port: \d+/, 'port: 1'));
  const [gone, goneCode] = await doctor();
  writeFileSync(join(project, 'kura.yaml'), config);
  assert.equal(goneCode, 3);
  assert.equal(gone.errors, 1);
  assert.ok(gone.lines.some((line) => line.area === 'model' && line.level === 'ok'));

  writeFileSync(join(project, 'kura.yaml'), config.replace('warehouse:',
    '    tables: {ordrs: {mode: full}, users: {exclude: [emial]}}\nwarehouse:'));
  const [misspelt, misspeltCode] = await doctor();
  assert.equal(misspeltCode, 1);
  assert.deepEqual(misspelt.lines.filter((line) => line.level === 'error')
    .map((line) => /did you mean '(\w+)'/.exec(line.message)?.[1]), ['orders', 'email']);

  writeFileSync(join(project, 'kura.yaml'), `${config}colour: red\n`);
  const [wrong, wrongCode] = await doctor();
  writeFileSync(join(project, 'kura.yaml'), config);
  assert.equal(wrongCode, 1);
  assert.deepEqual(wrong.lines.map((line) => [line.level, line.area]), [['error', 'kura.yaml']]);
  assert.match(wrong.lines[0]!.fix, /colour/);
});

test('new explores are added and answer; what is there is not changed', async () => {
  const model = () => readFileSync(join(project, 'lookml/shop.model.lkml'), 'utf8');
  const before = model();
  await ok(['new', 'explore', 'daily', 'shop_fundings', '--entity', 'shops', '--fact', 'fundings']);
  await ok(['new', 'explore', 'current', 'orders_now']);
  await ok(['new', 'explore', 'daily', 'orders_daily']);
  assert.ok(model().startsWith(before));
  const checked = JSON.parse(await ok(['validate', '--json'])) as { errors: number; warnings: number };
  assert.deepEqual([checked.errors, checked.warnings], [0, 0]);
  const [row] = csvRows(await ok(['query', 'orders_daily', 'order_days.orders', 'order_days.total_amount',
    '--filter', 'calendar.day_date=2026-10', '--format', 'csv'])).slice(1);
  const [wanted] = await shop.sql(`SELECT COUNT(*), SUM(total_amount) FROM orders WHERE deleted_at IS NULL
    AND status <> 'cancelled' AND ordered_at >= '2026-10-01' AND ordered_at < '2026-11-01'`);
  assert.equal(row![0], wanted![0]);
  assert.equal(Number(row![1]), Number(wanted![1]));

  const taken = await inProject(['new', 'explore', 'daily', 'users_daily']);
  assert.equal(taken.code, 1);
  const unknown = await inProject(['new', 'explore', 'current', 'shop_now', '--entity', 'shps']);
  assert.match(unknown.stderr, /did you mean 'shops'/);
  // Without the source, the warehouse knows enough.
  const offline = await inProject(['new', 'explore', 'current', 'payouts_now'], { SHOP_DB_PASSWORD: undefined });
  assert.equal(offline.code, 0, offline.stderr);
  await ok(['query', 'payouts_now', 'payouts_now.count']);
});

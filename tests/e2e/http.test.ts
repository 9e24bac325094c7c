// The HTTP API on the example shop, as a program and a browser use it: the same numbers as the
// source, in every format, with the errors of docs/http.md. Wording is the golden files' business.
import assert from 'node:assert/strict';
import { createConnection } from 'node:net';
import { after, before, test } from 'node:test';
import { Shop, csvRows, type Server } from './lib/shop.ts';

let shop: Shop;
let server: Server;
before(async () => {
  shop = await Shop.start();
  await shop.kuraOk(['sync']);
  server = await shop.serve();
});
after(() => shop.stop());

type Cell = { value: unknown; rendered?: string; state?: string };
type Row = Record<string, Cell>;

const DAILY = {
  model: 'shop', view: 'users_daily', fields: ['calendar.day_date', 'user_days.unique_users'],
  filters: { 'calendar.day_date': '90 days' }, sorts: ['calendar.day_date'],
};

function ask(format: string, question: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}/api/4.0/queries/run/${format}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: typeof question === 'string' ? question : JSON.stringify(question), ...init,
  });
}

/** Sends bytes as they are and reads until the server closes. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}

/** Waits until `condition` holds; the test fails when it does not within ten seconds. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let at = 0; at < 200; at++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('it did not happen in ten seconds');
}

test('it is ready, and says how far its tables reach', async () => {
  assert.deepEqual(await (await fetch(`${server.url}/healthz`)).json(), { status: 'ok' });
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
  const status = await (await fetch(`${server.url}/api/v1/status`)).json();
  assert.equal(status.name, 'shop');
  assert.equal(status.timezone, 'Asia/Tokyo');
  assert.equal(status.model_errors, 0);
  const users = status.tables.find((one: { table: string }) => one.table === 'raw_shop.users');
  assert.equal(String(users.rows), (await shop.sql('SELECT COUNT(*) FROM users'))[0]![0]);
  assert.ok(Math.abs(Date.parse(users.complete_through) - Date.now()) < 600_000);
});

test('every explore that is listed can be read, and every field of one can be asked for', async () => {
  const models = await (await fetch(`${server.url}/api/4.0/lookml_models`)).json();
  const names = models.flatMap((model: { explores: { name: string }[] }) => model.explores.map((one) => one.name));
  assert.deepEqual(names.sort(), ['shops_daily', 'shops_now', 'users_daily', 'users_now']);
  for (const name of names) {
    const answer = await fetch(`${server.url}/api/4.0/lookml_models/shop/explores/${name}`);
    const explore = await answer.json();
    assert.equal(explore.id, `shop::${name}`);
    const { dimensions, measures } = explore.fields;
    assert.ok(dimensions.length > 3 && measures.length > 0, name);
    for (const field of [...dimensions, ...measures]) {
      if (field.unavailable !== null) continue;
      const one = await ask('sql', { model: 'shop', view: name, fields: [field.name] });
      assert.equal(one.status, 200, `${field.name}: ${await one.text()}`);
    }
  }
});

test('the same rows in every format, equal to the source', async () => {
  const question = {
    view: 'users_now', fields: ['users_now.prefecture', 'users_now.count'],
    sorts: ['users_now.count desc'], limit: -1,
  };
  const wanted = (await shop.sql(
    'SELECT prefecture, COUNT(*) FROM users WHERE deleted_at IS NULL AND is_test = 0 GROUP BY prefecture'))
    .map(([prefecture, count]) => `${prefecture ?? ''}=${count}`).sort();
  const json: Record<string, unknown>[] = await (await ask('json', question)).json();
  assert.deepEqual(json.map((row) => `${row['users_now.prefecture'] ?? ''}=${row['users_now.count']}`).sort(), wanted);
  const csv = await ask('csv', question);
  assert.match(csv.headers.get('kura-complete-through')!, /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.deepEqual(csvRows(await csv.text()).slice(1).map((row) => row.join('=')).sort(), wanted);
  const detail = await (await ask('json_detail', question)).json();
  assert.deepEqual(detail.data.map((row: Row) =>
    `${row['users_now.prefecture']!.value ?? ''}=${row['users_now.count']!.value}`).sort(), wanted);
  assert.equal(detail.fields.measures[0].name, 'users_now.count');
  assert.equal(detail.truncated, false);
  assert.equal(detail.proof[0].measure, 'users_now.count');
  assert.equal(await (await ask('sql', question)).text(), detail.sql);
});

test('days have their state and freshness', async () => {
  const detail = await (await ask('json_detail', DAILY)).json();
  assert.equal(detail.data.length, 90);
  assert.equal(detail.timezone, 'Asia/Tokyo');
  assert.deepEqual(detail.applied_filters, DAILY.filters);
  assert.ok(detail.freshness.tables.some((one: { table: string }) => one.table === 'raw_shop.orders'));
});

test('equal questions at once are one question to the warehouse', async () => {
  const counted = async () =>
    Number(/kura_question_seconds_count (\d+)/.exec(await (await fetch(`${server.url}/metrics`)).text())![1]);
  const question = { ...DAILY, limit: 77 };
  const begin = await counted();
  const answers = await Promise.all(Array.from({ length: 20 }, async () => (await ask('json', question)).text()));
  assert.equal(new Set(answers).size, 1);
  assert.equal((await counted()) - begin, 1);
});

test('mistakes have their status and their place', async () => {
  const code = async (answer: Response) => [answer.status, (await answer.json()).errors[0].code];
  assert.equal((await ask('json', '{"view"')).status, 400);
  assert.deepEqual(await code(await ask('json', { view: 'users_nwo', fields: [] })), [404, 'unknown-explore']);
  const unknown = await ask('json', { view: 'users_now', fields: ['users_now.prefectur'] });
  assert.equal(unknown.status, 422);
  const error = (await unknown.json()).errors[0];
  assert.equal(error.field, 'fields[0]');
  assert.match(error.hint, /users_now\.prefecture/);
  assert.equal((await ask('xml', DAILY)).status, 404);
  assert.equal((await ask('json', 'x'.repeat(1_100_000))).status, 413);
  assert.equal((await ask('json', DAILY, { headers: { 'Content-Type': 'text/plain' } })).status, 415);
  assert.equal((await fetch(`${server.url}/api/4.0/queries/run/json`)).status, 405);
});

test('other sites and other names are kept out', async () => {
  const get = (headers: string) =>
    raw(`GET /healthz HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`);
  assert.match(await get('Host: localhost'), /^HTTP\/1\.1 200 /);
  assert.match(await get('Host: evil.example.com'), /^HTTP\/1\.1 421 /);
  assert.match(await get('Host: localhost\r\nOrigin: http://evil.example.com'), /^HTTP\/1\.1 403 /);
  assert.match(await raw('\x16\x03\x01\r\n\r\n'), /^HTTP\/1\.1 400 /);
});

test('the page is there on every path, compressed and not loaded twice', async () => {
  const page = await fetch(`${server.url}/`, { headers: { 'Accept-Encoding': 'gzip, br' } });
  assert.equal(page.headers.get('content-encoding'), 'br');
  assert.match(page.headers.get('content-security-policy')!, /default-src 'self'/);
  const html = await page.text();
  assert.equal(await (await fetch(`${server.url}/explore/shop/users_now`)).text(), html);
  const again = await fetch(`${server.url}/`, {
    headers: { 'Accept-Encoding': 'gzip, br', 'If-None-Match': page.headers.get('etag')! },
  });
  assert.equal(again.status, 304);
  for (const [, asset] of html.matchAll(/"(\/assets\/[^"]+)"/g)) {
    const answer = await fetch(server.url + asset);
    assert.equal(answer.status, 200, asset);
    assert.match(answer.headers.get('cache-control')!, /immutable/);
  }
  assert.equal((await fetch(`${server.url}/assets/none.js`)).status, 404);
});

test('a client that goes, or a server that stops, stops the question in the warehouse', async () => {
  shop.edit('lookml/shop.model.lkml', (text) => `${text}
view: heavy {
  derived_table: { sql: SELECT sum(sqrt(range)) AS n FROM range(1000000000000) ;; }
  dimension: n { type: number primary_key: yes }
}
explore: heavy {}
`);
  const question = { view: 'heavy', fields: ['heavy.n'] };
  await until(async () => (await ask('sql', question)).status === 200);
  const running = async () =>
    Number(/kura_questions_running (\d+)/.exec(await (await fetch(`${server.url}/metrics`)).text())![1]);
  const gone = new AbortController();
  const asked = ask('json', question, { signal: gone.signal });
  await until(async () => (await running()) === 1);
  gone.abort();
  await assert.rejects(asked);
  await until(async () => (await running()) === 0);
  const stopped = ask('json', question);
  await until(async () => (await running()) === 1);
  const begin = performance.now();
  assert.equal(await server.stop(), 0);
  assert.ok(performance.now() - begin < 5000);
  assert.ok([503, 0].includes(await stopped.then((answer) => answer.status, () => 0)));
});

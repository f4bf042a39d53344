// What a browser sees, with the gateway played on loopback.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

import { gatewayClient } from '../src/gateway.js';
import { createServer } from '../src/server.js';
import { ORDER, USER } from './fixtures.js';

let folder;
let servers;
let asked;
let refusal;
let base;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'web-'));
  asked = [];
  refusal = undefined;
  const gateway = http.createServer(play);
  const web = createServer(gatewayClient(await listen(gateway)), join(folder, 'inquiries.jsonl'));
  servers = [gateway, web];
  base = await listen(web);
});

afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true });
});

async function listen(server) {
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${server.address().port}`;
}

async function play(request, response) {
  let text = '';
  for await (const chunk of request) text += chunk;
  if (text) asked.push(JSON.parse(text));
  const answers = { '/api/customers': { users: [USER] }, '/api/customers/u1': { user: USER, orders: [ORDER] } };
  response.statusCode = text && refusal ? 422 : request.url in answers ? 200 : 404;
  response.end(JSON.stringify(text && refusal ? { errors: refusal } : (answers[request.url] ?? {})));
}

async function get(path) {
  const answer = await fetch(base + path);
  return [answer.status, await answer.text()];
}

async function post(path, fields) {
  const answer = await fetch(base + path, { method: 'POST', body: new URLSearchParams(fields) });
  return [answer.status, await answer.text()];
}

test('the profile page shows a user and their orders, and no markup of theirs', async () => {
  const [status, html] = await get('/customers/u1');
  assert.equal(status, 200);
  assert.match(html, /value="Ada &lt;Berg&gt;"/);
  assert.match(html, /<input id="store-credit" name="store_credit" type="number" min="0" value="12">/);
  assert.match(html, /type="checkbox" checked>/);
  assert.match(html, /<td>o1<\/td><td>paid<\/td><td>25.05 EUR<\/td>/);
});

test('a submitted profile is sent on with its types', async () => {
  const form = { ...USER, display_name: 'Ada' };
  const [status, html] = await post('/customers/u1', form);
  assert.equal(status, 200);
  assert.match(html, /<p role="status">Saved<\/p>/);
  const { user_id, created_at, updated_at, ...changes } = form;
  assert.deepEqual(asked, [changes]);
});

test('a box that is not ticked is false', async () => {
  const { marketing_opt_in, ...form } = USER;
  await post('/customers/u1', form);
  assert.equal(asked[0].marketing_opt_in, false);
});

test('a field that an older page does not submit is left alone', async () => {
  await post('/customers/u1', { email: 'ada@example.com' });
  const [{ email, ...rest }] = asked;
  assert.equal(email, 'ada@example.com');
  assert.deepEqual(new Set(Object.values(rest)), new Set([false])); // boxes: not ticked is not submitted
});

test('a refused change says why', async () => {
  refusal = { phone: 'must look like +4930123456' };
  const [status, html] = await post('/customers/u1', USER);
  assert.equal(status, 422);
  assert.match(html, /<p role="status">phone must look like \+4930123456<\/p>/);
});

test('the customers page and its CSV list every user', async () => {
  const [, html] = await get('/customers');
  assert.match(html, /<td>12<\/td>/);
  assert.match(html, /<a href="\/customers\/u1">/);
  const [, csv] = await get('/customers.csv');
  const [head, row] = csv.split('\r\n').map((line) => line.split(','));
  assert.equal(row.length, head.length);
  assert.equal(row[head.indexOf('Store Credit')], '12');
  assert.equal(row[head.indexOf('Phone')], "'+4930123456");
});

test('an unknown customer or page is not found', async () => {
  assert.equal((await get('/customers/nobody'))[0], 404);
  assert.equal((await get('/public/nothing.js'))[0], 404);
  assert.equal((await get('/public/start.js'))[0], 200);
});

test('a gateway that does not answer is a bad gateway', async () => {
  servers[0].closeAllConnections();
  await new Promise((closed) => servers[0].close(closed));
  assert.equal((await get('/customers'))[0], 502);
});

test('an inquiry is kept as it was written', async () => {
  const inquiry = { full_name: 'Bo', email: 'bo@example.com', phone: '', message: 'Hello' };
  assert.equal((await post('/contact', inquiry))[0], 200);
  const kept = JSON.parse(readFileSync(join(folder, 'inquiries.jsonl'), 'utf8'));
  assert.deepEqual(kept, { fullName: 'Bo', email: 'bo@example.com', phone: '', message: 'Hello' });
  assert.equal((await post('/contact', { ...inquiry, message: ' ' }))[0], 422);
});

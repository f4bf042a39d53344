// What the front end sees, with the services behind the gateway played on loopback.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { afterEach, beforeEach, test } from 'node:test';

import { createServer } from '../src/server.js';
import { upstream } from '../src/upstream.js';
import { toUserChanges } from '../src/views.js';
import { properties } from './contract.js';
import { ORDER, USER } from './fixtures.js';

const CONTRACT = properties('users.openapi.yaml', 'User');
const SAMPLES = { integer: 7, number: 7, boolean: true };
const FILLED = Object.fromEntries(
  Object.entries(CONTRACT).map(([name, { type }]) => [name, SAMPLES[type] ?? `a ${name}`]),
);

let servers;
let answers;
let asked;
let base;

beforeEach(async () => {
  answers = { '/users/u1': USER, '/users': { users: [USER] }, '/orders?user_id=u1': { orders: [ORDER] } };
  asked = [];
  const services = http.createServer(play);
  const fake = upstream(await listen(services));
  const gateway = createServer({ users: fake, orders: fake });
  servers = [services, gateway];
  base = await listen(gateway);
});

afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server) {
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${server.address().port}`;
}

async function play(request, response) {
  let text = '';
  for await (const chunk of request) text += chunk;
  const changes = text ? JSON.parse(text) : undefined;
  asked.push([request.method, request.url, changes]);
  const answer = answers[request.url] ?? 404;
  response.statusCode = typeof answer === 'number' ? answer : 200;
  response.end(JSON.stringify(typeof answer === 'number' ? { status: answer } : { ...answer, ...changes }));
}

async function call(method, path, body) {
  const answer = await fetch(base + path, { method, body: body && JSON.stringify(body) });
  return [answer.status, await answer.json()];
}

test('a customer is a user and what they bought', async () => {
  const [status, customer] = await call('GET', '/api/customers/u1');
  assert.equal(status, 200);
  assert.deepEqual(customer.user, USER);
  const { order_id, total, currency, placed_at, status: paid } = ORDER;
  assert.deepEqual(customer.orders, [{ order_id, status: paid, total, currency, placed_at }]);
});

test('all customers can be listed', async () => {
  assert.deepEqual(await call('GET', '/api/customers'), [200, { users: [USER] }]);
});

test('every field of the contract reaches the front end', async () => {
  answers['/users/u1'] = FILLED;
  const [, customer] = await call('GET', '/api/customers/u1');
  assert.deepEqual(customer.user, FILLED);
});

test('fields that no contract knows do not reach the front end', async () => {
  answers['/users/u1'] = { ...USER, password_hash: 'secret' };
  const [, customer] = await call('GET', '/api/customers/u1');
  assert.deepEqual(customer.user, USER);
});

test('every field that is not read-only can be changed', async () => {
  const writable = Object.entries(FILLED).filter(([name]) => CONTRACT[name].readOnly !== 'true');
  const changes = Object.fromEntries(writable);
  const [status, user] = await call('PATCH', '/api/customers/u1', changes);
  assert.deepEqual([status, user], [200, { ...USER, ...changes }]);
  assert.deepEqual(asked, [['PATCH', '/users/u1', changes]]);
});

test('only what was changed is sent on, and nothing that is read-only', async () => {
  await call('PATCH', '/api/customers/u1', { phone: '', user_id: 'u2', password_hash: 'x' });
  assert.deepEqual(asked, [['PATCH', '/users/u1', { phone: '' }]]);
});

test('a refusal of a service reaches the front end', async () => {
  answers['/users/u1'] = 422;
  assert.deepEqual(await call('PATCH', '/api/customers/u1', { phone: '1' }), [422, { status: 422 }]);
  assert.equal((await call('GET', '/api/customers/nobody'))[0], 404);
});

test('a service that fails or does not answer is a bad gateway', async () => {
  answers['/users'] = 500;
  assert.equal((await call('GET', '/api/customers'))[0], 502);
  servers[0].closeAllConnections();
  await new Promise((closed) => servers[0].close(closed));
  assert.equal((await call('GET', '/api/customers'))[0], 502);
});

test('a body that is not a JSON object is refused', async () => {
  const answer = await fetch(`${base}/api/customers/u1`, { method: 'PATCH', body: '{' });
  assert.equal(answer.status, 400);
});

test('the declared types have exactly the fields of the contract', () => {
  const types = readFileSync(new URL('../src/types.d.ts', import.meta.url), 'utf8');
  const [, user] = types.match(/interface User {([^}]*)}/);
  const declared = [...user.matchAll(/^\s*(\w+)\??:/gm)].map(([, name]) => name);
  assert.deepEqual(declared.toSorted(), Object.keys(CONTRACT).toSorted());
  assert.ok(Object.keys(toUserChanges({})).every((name) => declared.includes(name)));
});

// What callers of the service see, over a real socket.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

import { createServer } from '../src/server.js';
import { PaymentStore } from '../src/store.js';

const PROTO = new URL('../../../contracts/payments.proto', import.meta.url);
const REQUEST = { orderId: 'o1', userId: 'u1', amount: '3890', currency: 'EUR' };

let folder;
let server;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'payments-'));
  server = createServer(new PaymentStore(join(folder, 'payments.json')));
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

async function call(method, body) {
  const url = `http://127.0.0.1:${server.address().port}/shop.payments.v1.Payments/${method}`;
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return [answer.status, await answer.json()];
}

function fieldsOf(message) {
  const [, body] = readFileSync(PROTO, 'utf8').match(new RegExp(`message ${message} {([^}]*)}`));
  const names = [...body.matchAll(/(\w+) = \d+;/g)].map(([, name]) => name);
  return names.map((name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()));
}

test('a payment has exactly the fields of the contract', async () => {
  const [, payment] = await call('Authorize', REQUEST);
  assert.deepEqual(Object.keys(payment).toSorted(), fieldsOf('Payment').toSorted());
});

test('an amount is authorized, captured and shown', async () => {
  const [status, payment] = await call('Authorize', REQUEST);
  assert.deepEqual([status, payment], [200, { ...payment, ...REQUEST, status: 'PAYMENT_STATUS_AUTHORIZED' }]);
  assert.match(payment.paymentId, /./);
  const captured = { ...payment, status: 'PAYMENT_STATUS_CAPTURED' };
  assert.deepEqual(await call('Capture', { paymentId: payment.paymentId }), [200, captured]);
  assert.deepEqual(await call('GetPayment', { paymentId: payment.paymentId }), [200, captured]);
});

test('an order is authorized once, however often it is asked', async () => {
  assert.deepEqual(await call('Authorize', REQUEST), await call('Authorize', REQUEST));
});

test('payments are still there after a restart', async () => {
  const [, payment] = await call('Authorize', REQUEST);
  const again = new PaymentStore(join(folder, 'payments.json'));
  assert.equal(again.get(payment.paymentId).amount, 3890);
});

test('a large amount is declined and cannot be captured', async () => {
  const [, payment] = await call('Authorize', { ...REQUEST, amount: '500001' });
  assert.equal(payment.status, 'PAYMENT_STATUS_DECLINED');
  const [status, problem] = await call('Capture', { paymentId: payment.paymentId });
  assert.deepEqual([status, problem.code], [400, 'failed_precondition']);
});

for (const wrong of [{ amount: '-1' }, { amount: 'much' }, { amount: '1.5' }, { amount: null }, { orderId: '' }, { userId: 7 }]) {
  test(`a request with ${JSON.stringify(wrong)} is refused`, async () => {
    const [status, problem] = await call('Authorize', { ...REQUEST, ...wrong });
    assert.deepEqual([status, problem.code], [400, 'invalid_argument']);
  });
}

test('an unknown payment or method is not found', async () => {
  assert.equal((await call('GetPayment', { paymentId: 'nothing' }))[0], 404);
  assert.equal((await call('toString', {}))[0], 404);
});

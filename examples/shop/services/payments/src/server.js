// HTTP in the way of Connect: POST /shop.payments.v1.Payments/<Method> with a JSON message.
import http from 'node:http';

import { RpcError } from './payment.js';
import { methods, SERVICE } from './service.js';

const HTTP_STATUS = { invalid_argument: 400, failed_precondition: 400, not_found: 404, unimplemented: 404 };
const MAX_BODY = 1 << 20;

export function createServer(store) {
  const rpcs = methods(store);
  return http.createServer(async (request, response) => {
    if (request.url === '/healthz') return reply(response, 200, { status: 'ok' });
    try {
      reply(response, 200, await call(rpcs, request));
    } catch (error) {
      const known = error instanceof RpcError;
      if (!known) console.error(error);
      const { code, message } = known ? error : { code: 'internal', message: 'internal error' };
      reply(response, HTTP_STATUS[code] ?? 500, { code, message });
    }
  });
}

async function call(rpcs, request) {
  const [, service, method] = request.url.split('/');
  if (request.method !== 'POST' || service !== SERVICE || !Object.hasOwn(rpcs, method)) {
    throw new RpcError('unimplemented', 'no such method');
  }
  return rpcs[method](await message(request));
}

async function message(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MAX_BODY) throw new RpcError('invalid_argument', 'the message is too large');
  }
  try {
    const parsed = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // answered below
  }
  throw new RpcError('invalid_argument', 'the message is not a JSON object');
}

function reply(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

// HTTP: find the route, read the body, answer.
import http from 'node:http';

import { routes } from './routes.js';
import { Answer } from './upstream.js';

const MAX_BODY = 1 << 20;

export function createServer(services) {
  const table = routes(services);
  return http.createServer(async (request, response) => {
    try {
      reply(response, 200, await dispatch(table, request));
    } catch (error) {
      if (error instanceof Answer) return reply(response, error.status, error.body);
      console.error(error);
      reply(response, 500, { title: 'internal error', status: 500 });
    }
  });
}

async function dispatch(table, request) {
  const { pathname } = new URL(request.url, 'http://gateway');
  for (const [method, pattern, handler] of table) {
    const match = request.method === method && pathname.match(pattern);
    if (match) return handler(match.slice(1), await bodyOf(request));
  }
  throw new Answer(404, { title: 'nothing here', status: 404 });
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MAX_BODY) throw new Answer(413, { title: 'the body is too large', status: 413 });
  }
  try {
    const parsed = JSON.parse(text || '{}');
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // answered below
  }
  throw new Answer(400, { title: 'the body is not a JSON object', status: 400 });
}

function reply(response, status, body) {
  response.writeHead(status, { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json' });
  response.end(JSON.stringify(body));
}

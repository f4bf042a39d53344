// The pages.
import { readFileSync } from 'node:fs';
import http from 'node:http';

import { toCsv } from './columns.js';
import { answerable, fromForm, keep } from './inquiry.js';
import { customersPage, profilePage, render } from './render.js';
import { changesFromForm } from './user.js';

const PUBLIC = new URL('../public/', import.meta.url);
const MAX_BODY = 1 << 16;
const HTML = 'text/html; charset=utf-8';

const page = (status, body, type = HTML) => ({ status, body, type });
const missing = () => page(404, 'Nothing here', 'text/plain');

export function createServer(gateway, inquiriesPath) {
  const routes = [
    ['GET', /^\/(?:customers)?$/, async () => page(200, customersPage(await gateway.customers()))],
    ['GET', /^\/customers\.csv$/, async () => page(200, toCsv(await gateway.customers()), 'text/csv')],
    ['GET', /^\/customers\/([\w-]+)$/, ([userId]) => profile(gateway, userId)],
    ['POST', /^\/customers\/([\w-]+)$/, ([userId], form) => changeProfile(gateway, userId, form)],
    ['GET', /^\/contact$/, async () => page(200, render('contact', { notice: '' }))],
    ['POST', /^\/contact$/, async (_, form) => takeInquiry(inquiriesPath, form)],
    ['GET', /^\/public\/(\w+\.js)$/, async ([name]) => asset(name)],
    ['GET', /^\/healthz$/, async () => page(200, 'ok', 'text/plain')],
  ];
  return http.createServer(async (request, response) => {
    const answer = await dispatch(routes, request).catch((error) => {
      console.error(error);
      return page(502, 'The shop does not answer, try again soon', 'text/plain');
    });
    response.writeHead(answer.status, { 'Content-Type': answer.type, 'X-Content-Type-Options': 'nosniff' });
    response.end(answer.body);
  });
}

async function dispatch(routes, request) {
  const { pathname } = new URL(request.url, 'http://web');
  for (const [method, pattern, handler] of routes) {
    const match = request.method === method && pathname.match(pattern);
    if (match) return handler(match.slice(1), method === 'POST' ? await formOf(request) : undefined);
  }
  return missing();
}

async function formOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MAX_BODY) throw new Error('the form is too large');
  }
  return new URLSearchParams(text);
}

async function profile(gateway, userId, status = 200, notice = '') {
  const found = await gateway.customer(userId);
  return found ? page(status, profilePage(found.user, found.orders, notice)) : missing();
}

async function changeProfile(gateway, userId, form) {
  const wrong = Object.entries(await gateway.change(userId, changesFromForm(form)));
  if (wrong.length === 0) return profile(gateway, userId, 200, 'Saved');
  return profile(gateway, userId, 422, wrong.map(([name, reason]) => `${name} ${reason}`).join(', '));
}

function takeInquiry(path, form) {
  const inquiry = fromForm(form);
  if (!answerable(inquiry)) return page(422, render('contact', { notice: 'An email and a message are needed' }));
  keep(path, inquiry);
  return page(200, render('contact', { notice: 'Thank you' }));
}

function asset(name) {
  try {
    return page(200, readFileSync(new URL(name, PUBLIC), 'utf8'), 'text/javascript');
  } catch {
    return missing();
  }
}

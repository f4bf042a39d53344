// HTML from the templates in views/: {{name}} is replaced by its escaped value.
import { readFileSync } from 'node:fs';

import { cells, TITLES } from './columns.js';

const VIEWS = new URL('../views/', import.meta.url);
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const money = (amount) => (amount / 100).toFixed(2);

export const escape = (value) => String(value).replace(/[&<>"']/g, (character) => ENTITIES[character]);

/** Fill a template. A `checked="{{name}}"` stays as `checked` or goes, as the value is true or false. */
export function render(view, values) {
  const known = (name) => {
    if (!(name in values)) throw new Error(`${view} needs ${name}`);
    return values[name];
  };
  return readFileSync(new URL(`${view}.html`, VIEWS), 'utf8')
    .replace(/ checked="{{(\w+)}}"/g, (_, name) => (known(name) ? ' checked' : ''))
    .replace(/{{{(\w+)}}}/g, (_, name) => known(name))
    .replace(/{{(\w+)}}/g, (_, name) => escape(known(name)));
}

/**
 * @param {import('./types').UserView} user
 * @param {string} notice what became of the last change
 */
export function profilePage(user, orders, notice = '') {
  const rows = orders.map(
    ({ order_id, status, total, currency }) =>
      `<tr><td>${escape(order_id)}</td><td>${escape(status)}</td><td>${money(total)} ${escape(currency)}</td></tr>`,
  );
  return render('profile', { ...user, notice, orders: rows.join('\n') });
}

/** @param {import('./types').UserView[]} users */
export function customersPage(users) {
  const head = TITLES.map((title) => `<th>${escape(title)}</th>`).join('');
  const rows = users.map((user) => {
    const row = cells(user).map((cell) => `<td>${escape(cell)}</td>`).join('');
    return `<tr>${row}<td><a href="/customers/${escape(user.userId)}">Open</a></td></tr>`;
  });
  return render('customers', { head, rows: rows.join('\n') });
}

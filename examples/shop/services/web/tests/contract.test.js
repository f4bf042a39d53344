// The back office shows every field of a user, and lets every field be changed that is not read-only.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { unsaved, WATCHED } from '../public/unsaved.js';
import { COLUMNS, toCsv } from '../src/columns.js';
import { profilePage } from '../src/render.js';
import { changesFromForm, fromJson } from '../src/user.js';
import { properties } from './contract.js';

const CONTRACT = properties('users.openapi.yaml', 'User');
const NAMES = Object.keys(CONTRACT).toSorted();
const WRITABLE = NAMES.filter((name) => CONTRACT[name].readOnly !== 'true');
const SAMPLES = { integer: 7, number: 7, boolean: true };
const FILLED = Object.fromEntries(NAMES.map((name) => [name, SAMPLES[CONTRACT[name].type] ?? `a ${name}`]));

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const kebab = (name) => name.replaceAll('_', '-');
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, found]) => found).toSorted();

test('a view has every field of the contract', () => {
  const expected = Object.fromEntries(NAMES.map((name) => [camel(name), FILLED[name]]));
  assert.deepEqual(fromJson(FILLED), expected);
});

test('the declared type has every field of the contract', () => {
  const types = readFileSync(new URL('../src/types.d.ts', import.meta.url), 'utf8');
  const [, view] = types.match(/interface UserView {([^}]*)}/);
  assert.deepEqual(all(view, /^\s*(\w+)\??:/gm), NAMES.map(camel).toSorted());
});

test('the profile page has a labelled row for every field, with its value', () => {
  const html = profilePage(fromJson(FILLED), []);
  assert.deepEqual(all(html, /<label for="([\w-]+)"/g), NAMES.map(kebab).toSorted());
  assert.deepEqual(all(html, /<(?:input|output) id="([\w-]+)"/g), NAMES.map(kebab).toSorted());
  assert.deepEqual(all(html, /<input [^>]*name="(\w+)"/g), WRITABLE);
  for (const name of NAMES.filter((other) => CONTRACT[other].type === 'integer')) {
    assert.match(html, new RegExp(`name="${name}"[^>]* value="7"`));
  }
});

test('what the page submits is what callers may write', () => {
  const submitted = Object.fromEntries(WRITABLE.map((name) => [name, FILLED[name]]));
  assert.deepEqual(changesFromForm(new URLSearchParams(submitted)), submitted);
});

test('changes of every input that can be written are noticed', () => {
  assert.deepEqual(WATCHED.toSorted(), WRITABLE.map(kebab).toSorted());
  const clean = { value: 'a', defaultValue: 'a', checked: true, defaultChecked: true };
  const page = { getElementById: (id) => (id === 'phone' ? { ...clean, value: 'b' } : clean) };
  assert.deepEqual(unsaved(page), ['phone']);
});

test('the table has a column for every field', () => {
  assert.deepEqual(COLUMNS.map(([key]) => key).toSorted(), NAMES.map(camel).toSorted());
  const [head, row] = toCsv([fromJson(FILLED)]).split('\r\n').map((line) => line.split(','));
  for (const name of NAMES.filter((other) => CONTRACT[other].type === 'integer')) {
    assert.equal(row[head.findIndex((title) => title.toLowerCase() === name.replaceAll('_', ' '))], '7');
  }
});

// Just enough YAML to hold the service against its contract without a dependency.
import { readFileSync } from 'node:fs';

const CONTRACTS = new URL('../../../contracts/', import.meta.url);
const depth = (line) => line.length - line.trimStart().length;

function below(lines, key) {
  const start = lines.findIndex((line) => line.trim() === `${key}:`);
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => depth(line) <= depth(lines[start]));
  return end < 0 ? rest : rest.slice(0, end);
}

/** The properties of a schema: name to the attributes that are written directly at it. */
export function properties(contract, schema) {
  const text = readFileSync(new URL(contract, CONTRACTS), 'utf8');
  const lines = text.split('\n').filter((line) => line.trim() && !line.trim().startsWith('#'));
  const body = below(below(lines, schema), 'properties');
  const found = {};
  let name;
  for (const line of body) {
    if (depth(line) === depth(body[0])) [name] = line.trim().split(':');
    found[name] ??= {};
    for (const [, key, value] of line.matchAll(/(\w+): ([^,{}\n]+)/g)) found[name][key] = value;
  }
  return found;
}

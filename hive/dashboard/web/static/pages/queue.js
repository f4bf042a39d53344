// The merge queue: changesets in the order in which they land, one lane for each target.
import { html } from "../base.js";
import { Empty, Failure, Title, useLoaded } from "../parts.js";
import { to } from "../router.js";
import { all } from "../store.js";
import { Mark } from "../words.js";

export function Queue() {
  const landing = all.value.filter((run) => run.phase === "landing").map((run) => `${run.run}:${run.seq}`).join();
  const { value, error } = useLoaded("/api/v1/queue", [landing]);
  const targets = [...new Set((value || []).map((item) => item.target))];
  return html`<${Title} words="Merge queue" />
    ${error && html`<${Failure} error=${error} />`}
    ${value && !value.length && html`<${Empty}>Nothing waits to land.<//>`}
    ${targets.map((target) => html`<section key=${target} aria-label=${`lane of ${target}`}><h2>to <code>${target}</code></h2><ol class="rows card">${value.filter((item) => item.target === target).map(
      (item) => html`<li key=${item.run}><a class="row" data-row href=${to("runs", item.run)}><span class="dim">${item.position + 1}</span>
        <${Mark} of=${item.status} /><span class="name clip">${item.request}</span><span class="dim clip">${item.why}${facts(item)}</span></a></li>`)}</ol></section>`)}`;
}

function facts(item) {
  const found = [];
  if (item.priority) found.push(`priority ${item.priority}`);
  if (item.on && item.on.length) found.push(`on ${item.on.join(", ")}`);
  if (item.eta_seconds !== null && item.eta_seconds !== undefined) found.push(`in about ${Math.ceil(item.eta_seconds / 60)} min`);
  return found.length ? ` (${found.join(", ")})` : "";
}

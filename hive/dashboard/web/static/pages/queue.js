// The merge queue: changesets in the order in which they land, each with whom it stands on and what it waits for.
import { html, useState } from "../base.js";
import { may, post, runPath } from "../api.js";
import { Act, Empty, Failure, Section, Title, useLoaded } from "../parts.js";
import { to } from "../router.js";
import { all, learn } from "../store.js";
import { Mark, plural } from "../words.js";

const DEEPEST = 6;

function soon(seconds) {
  if (seconds === null || seconds === undefined) return "";
  return seconds < 60 ? `in about ${Math.max(1, Math.round(seconds))} s` : `in about ${Math.ceil(seconds / 60)} min`;
}

function Facts({ item }) {
  return html`<span class="facts small">${item.priority !== 0 && html`<span>priority ${item.priority}</span>`}
    ${item.on.length > 0 && html`<span>on ${item.on.slice(0, 3).join(", ")}${item.on.length > 3 ? ` and ${item.on.length - 3} more` : ""}</span>`}
    <span class="dim">${soon(item.eta_seconds)}</span></span>`;
}

// What can be done to a changeset's place; folded away, so that a long queue stays a list.
function Steer({ item, lane, reload }) {
  const [priority, raise] = useState(String(item.priority));
  const [before, choose] = useState("");
  const [why, say] = useState("");
  const act = (deed, body = {}) => async () => { learn(await post(`${runPath(item.run)}/${deed}`, body)); reload(); };
  const held = item.status === "held";
  const others = lane.filter((each) => each.run !== item.run);
  return html`<details class="steer"><summary>Steer ${item.run}</summary><div class="pad">
    <p class="deeds">${held ? html`<${Act} kind="primary" deed=${act("release")}>Let it go on<//>` : html`<${Act} deed=${act("hold", { reason: why.trim() })}>Hold it<//>`}
      <${Act} kind="danger" deed=${act("withdraw", { reason: why.trim() })}>Take it out of the queue<//></p>
    <label>Why? <span class="dim">for the record</span><input maxlength="4000" autocomplete="off" value=${why} onInput=${(e) => say(e.target.value)} /></label>
    <div class="fields"><div class="say"><label>Priority <span class="dim">higher ones first</span><input type="number" min="-1000" max="1000" step="1" value=${priority} onInput=${(e) => raise(e.target.value)} /></label>
        <${Act} disabled=${!/^-?\d+$/.test(priority) || Number(priority) === item.priority} deed=${act("move", { priority: Number(priority) })}>Set<//></div>
      ${others.length > 0 && html`<div class="say"><label>In front of<select value=${before} onChange=${(e) => choose(e.target.value)}><option value="">choose a run</option>${others.map((each) => html`<option key=${each.run} value=${each.run}>${each.run} ${each.request.slice(0, 60)}</option>`)}</select></label>
        <${Act} disabled=${!before} deed=${act("move", { before })}>Move<//></div>`}</div></div></details>`;
}

function Item({ item, lane, reload }) {
  const depth = Math.min(item.on.length, DEEPEST);
  return html`<li class="queued" style=${{ "--depth": depth }}><a class="row" data-row href=${to("runs", item.run)}><span class="dim position">${item.position + 1}</span>
      <${Mark} of=${item.status} /><code class="dim">${item.run}</code><span class="name clip">${item.request}</span><${Facts} item=${item} /></a>
    <p class="why dim small">${item.why}</p>
    ${may("operator") && item.status !== "landing" && html`<${Steer} item=${item} lane=${lane} reload=${reload} />`}</li>`;
}

function Flakes({ watched }) {
  const { value } = useLoaded("/api/v1/flakes", watched);
  if (!value?.length) return null;
  return html`<${Section} name="Flakes" count=${value.length}><p class="dim">Checks that failed and then passed on equal inputs.</p><ul class="rows card">${value.map((each) => html`<li key=${`${each.run}/${each.seq}`}><a class="row" data-row href=${to("runs", each.run)}>
    <${Mark} of="unknown" word="flaky" /><span class="name">${each.service ? `${each.service}/` : ""}${each.check}</span><span class="dim clip">${each.reasons.join("; ") || "passed when it was repeated"}</span><code class="dim">${each.run}</code></a></li>`)}</ul><//>`;
}

export function Queue() {
  const moved = all.value.filter((run) => run.phase === "landing").map((run) => `${run.run}:${run.seq}`).join();
  const { value, error, reload } = useLoaded("/api/v1/queue", [moved]);
  const targets = [...new Set((value || []).map((item) => item.target))];
  return html`<${Title} words="Merge queue">${value && html`<p class="dim">${plural(value.length, "changeset")}</p>`}<//>
    ${error && html`<${Failure} error=${error} />`}
    ${value && !value.length && html`<${Empty}>Nothing waits to land.<//>`}
    ${targets.map((target) => {
      const lane = value.filter((item) => item.target === target);
      return html`<section key=${target} aria-label=${`lane of ${target}`}><h2>to <code>${target}</code> <span class="count">${lane.length}</span></h2><ol class="rows card">${lane.map((item) => html`<${Item} key=${item.run} item=${item} lane=${lane} reload=${reload} />`)}</ol></section>`;
    })}
    <${Flakes} watched=${[moved]} />`;
}

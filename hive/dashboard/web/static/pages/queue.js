// The merge queue: lane by lane in landing order, what each changeset stands on and why it waits, and what steers it.
import { html, useEffect, useLatest, useState } from "../base.js";
import { may, post } from "../api.js";
import { useKeys } from "../keys.js";
import { Act, Empty, Failure, Section, Title, tell, useLoaded } from "../parts.js";
import { Queued, send } from "../queued.js";
import { to } from "../router.js";
import { all, learn } from "../store.js";
import { width } from "../track.js";
import { Mark, plural } from "../words.js";

const CALM = 200;
const MANY = 8;

// The newest value, but no more often than this: whoever asks for it asks the server.
function useCalm(value, pause) {
  const [calm, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(value), pause);
    return () => clearTimeout(timer);
  }, [value]);
  return calm;
}

const base = (path) => path.split("/").pop().replace(/\.(ya?ml|json|proto|avsc|graphql)$/, "");
const lanesOf = (items) => [...Map.groupBy(items, (item) => item.lane)].map(([number, entries]) => ({ number, entries, touches: [...new Set(entries.flatMap((item) => item.touches).toSorted((a, b) => a.includes("/") - b.includes("/")).map(base))] }));

function Lane({ lane, shown, act }) {
  const entries = shown ? lane.entries.filter((item) => shown === item.status) : lane.entries;
  if (!entries.length) return null;
  const wide = shown ? 0 : width(lane.entries);
  return html`<section class="lane-band" aria-label=${`lane ${lane.number}`}><div class="lane-name"><h3>lane ${lane.number} <span class="count">${entries.length}</span></h3><p class="dim small">${lane.touches.slice(0, 4).join(", ")}${lane.touches.length > 4 ? ` and ${lane.touches.length - 4} more` : ""}</p></div>
    <ol>${entries.map((item) => html`<${Queued} key=${item.run} item=${item} lane=${lane.entries} wide=${wide} act=${act} />`)}</ol></section>`;
}

function Stopped({ target, item, act }) {
  return html`<div class="card pad halted" role="alert"><p><${Mark} of="failed" word="stopped" /> ${item.why}</p><p class="dim">Accepted, what was taken off ${target} stays off it.</p>
    ${may("operator") && html`<p class="deeds"><${Act} hint="A" deed=${() => act(item, "accept")}>Accept ${target} as it is now<//></p>`}</div>`;
}

function Target({ target, items, shown, act }) {
  const lanes = lanesOf(items);
  const halted = items.find((item) => item.status === "stopped");
  const { mode, window } = items[0];
  return html`<${Section} name=${html`to <code>${target}</code>`} id=${`to-${target}`}><p class="dim small">${plural(items.length, "changeset")} in ${plural(lanes.length, "lane")}; ${mode === "bisect" ? "unions of many are tested at once and halved when red" : "each is tested on top of those ahead of it"}, no more than ${window} on each other</p>
    ${halted && html`<${Stopped} target=${target} item=${halted} act=${act} />`}
    ${items.some((item) => !shown || item.status === shown) && html`<div class="card lanes">${lanes.map((lane) => html`<${Lane} key=${lane.number} lane=${lane} shown=${shown} act=${act} />`)}</div>`}<//>`;
}

function Add({ items, reload }) {
  const [form, set] = useState({ branch: "", priority: "0", after: "", breaking: false });
  const change = (name) => (event) => set({ ...form, [name]: event.target.type === "checkbox" ? event.target.checked : event.target.value });
  const add = async () => {
    learn(await post("/api/v1/queue", { branch: form.branch.trim(), priority: Number(form.priority) || 0, after: form.after ? [form.after] : [], allow_breaking: form.breaking }));
    set({ branch: "", priority: "0", after: "", breaking: false });
    reload();
  };
  return html`<details class="card add-branch"><summary data-row>Add a branch of yours</summary><form class="form" onSubmit=${(event) => { event.preventDefault(); event.currentTarget.querySelector("button").click(); }}>
    <p class="dim">It is merged, tested and landed like any changeset, at the commit that it is at now. By adding it you approve it.</p>
    <div class="fields"><label>Branch<input name="branch" maxlength="250" autocomplete="off" value=${form.branch} onInput=${change("branch")} /></label>
      <label>Priority <span class="dim">higher ones first</span><input type="number" min="-1000" max="1000" step="1" value=${form.priority} onInput=${change("priority")} /></label>
      <label>Only after<select value=${form.after} onChange=${change("after")}><option value="">nobody in particular</option>${items.map((item) => html`<option key=${item.run} value=${item.run}>${item.run} ${item.request.slice(0, 60)}</option>`)}</select></label></div>
    <fieldset><label><input type="checkbox" checked=${form.breaking} onChange=${change("breaking")} /> even where it breaks consumers of a contract</label></fieldset>
    <p class="deeds"><${Act} kind="primary" disabled=${!form.branch.trim()} deed=${add}>Add it to the queue<//></p></form></details>`;
}

function Flakes({ watched }) {
  const { value: flakes } = useLoaded("/api/v1/flakes", watched);
  const { value: listed } = useLoaded("/api/v1/quarantine", watched);
  if (!flakes || !listed) return null;
  return html`<${Section} name="Flaky checks" count=${flakes.length || undefined}>${flakes.length ? html`<p class="dim">They failed and then passed on equal inputs.</p><ul class="rows card">${flakes.map((each) => html`<li key=${`${each.run}/${each.seq}`}><a class="row" data-row href=${to("runs", each.run)}>
      <${Mark} of="unknown" word="flaky" /><span class="name">${each.service ? `${each.service}/` : ""}${each.check}</span><span class="dim clip">${[...each.tests, ...each.reasons].join("; ") || "passed when it was repeated"}</span><code class="dim">${each.run}</code></a></li>`)}</ul>` : html`<p class="dim">No check of an open changeset or of the newest past ones failed and then passed.</p>`}
    ${listed.length ? html`<p>In quarantine: ${listed.map((each, n) => html`<span key=${each.check}>${n > 0 && ", "}<code>${each.check}</code> <span class="dim">(${each.runs.join(", ")})</span></span>`)}<span class="dim">; their failure does not block.</span></p>` : html`<p class="dim">No check is in quarantine.</p>`}<//>`;
}

function Filters({ items, only, set }) {
  const states = [...new Set(items.map((item) => item.status))];
  return items.length > MANY && states.length > 1 && html`<p class="filters" role="group" aria-label="show only">${states.map((state) => html`<button key=${state} aria-pressed=${state === only} onClick=${() => set(state === only ? null : state)}><${Mark} of=${state} /> ${items.filter((item) => item.status === state).length}</button>`)}</p>`;
}

const row = (run) => document.querySelector(`[data-run="${CSS.escape(run)}"]`);

// The same keys as in the terminal, for the changeset that has the focus.
function useSteering(items, act) {
  const on = (deed) => () => {
    const run = document.activeElement.closest("[data-run]")?.dataset.run;
    const item = items.find((each) => each.run === run);
    if (item && item.status !== "landing") deed(item);
  };
  const ask = (name) => on((item) => {
    row(item.run).querySelector("details").open = true;
    setTimeout(() => row(item.run).querySelector(`[name=${name}]`)?.focus(), 50);
  });
  const swap = (by) => on((item) => {
    const lane = items.filter((each) => each.target === item.target && each.lane === item.lane);
    const other = lane[lane.indexOf(item) + by];
    if (!other) return;
    act(...(by > 0 ? [other, "move", { before: item.run }] : [item, "move", { before: other.run }]), item.run).catch(tell);
  });
  useKeys(may("operator") ? [
    ["h", "hold the changeset", ask("hold")], ["H", "let it go on", on((item) => item.status === "held" && act(item, "release").catch(tell))],
    ["K", "sooner", swap(-1)], ["J", "later", swap(1)], ["p", "priority", ask("priority")], ["x", "take it out", ask("withdraw")],
    ["A", "accept its target as it is now", on((item) => item.status === "stopped" && act(item, "accept").catch(tell))],
  ] : [], [items]);
}

export function Queue() {
  const moved = useCalm(all.value.filter((run) => run.phase === "landing").map((run) => `${run.run}:${run.seq}`).join(), CALM);
  const { value, error, reload } = useLoaded("/api/v1/queue", [moved]);
  const [only, set] = useState(null);
  const [focused, keep] = useState(null);
  const items = value || [];
  const act = useLatest(async (item, deed, body, stay = item.run) => { await send(item, deed, body); keep(stay); reload(); });
  useSteering(items, act);
  useEffect(() => { if (focused && document.activeElement === document.body) row(focused)?.querySelector("summary").focus(); }, [value]);
  const shown = items.some((item) => item.status === only) ? only : null;
  return html`<${Title} words="Merge queue">${items.length > 0 && html`<p class="dim small legend">A line leads down to what is tested on top; a bar is the target itself. Whatever fails or is held stands beside, and those below do without it.</p>`}<//>
    ${error && html`<${Failure} error=${error} />`}
    ${value && !value.length && html`<${Empty}>Nothing waits to land. Approve every diff of a run and land it, or add a branch of yours.<//>`}
    <${Filters} items=${items} only=${shown} set=${set} />
    ${[...Map.groupBy(items, (item) => item.target)].map(([target, mine]) => html`<${Target} key=${target} target=${target} items=${mine} shown=${shown} act=${act} />`)}
    ${value && may("operator") && html`<${Add} items=${items} reload=${reload} />`}
    ${value && html`<${Flakes} watched=${[moved]} />`}`;
}

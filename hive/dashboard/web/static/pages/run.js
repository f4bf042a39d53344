// One run: what it waits for, its services as a graph and as rows, the contract, time, and the changeset.
import { html, memo, useEffect, useLatest, useMemo, useState } from "../base.js";
import { may, post, runPath } from "../api.js";
import { Curves } from "../curves.js";
import { Diff } from "../diff.js";
import { Evidence } from "../evidence.js";
import { Graph } from "../graph.js";
import { useKeys } from "../keys.js";
import { Act, Delta, Empty, Failure, Lines, Section, Tests, Title, useLoaded } from "../parts.js";
import { go, to } from "../router.js";
import { learn, listen, run as live } from "../store.js";
import { Notes, Proposal, Questions } from "../talk.js";
import { Timeline } from "../timeline.js";
import { Mark, duration, money, plural, short } from "../words.js";
import { PlanView } from "./start.js";

const OVER = ["landed", "discarded"];

const SOON = 120;
const BUSY = 1000;

// Counts what changes the picture of a run; an agent's words do not. The first of it soon, then ever less often, once
// a second in the end: whoever counts reads the run again.
export function useStory(id, service) {
  const [count, set] = useState(0);
  useEffect(() => {
    let timer = 0;
    let last = 0;
    let wait = SOON;
    const stop = listen(id, service, (events) => {
      if (timer || (events && events.every((each) => each.event.kind === "agent_reported"))) return;
      wait = performance.now() - last < BUSY ? Math.min(BUSY, wait * 2) : SOON;
      timer = setTimeout(() => { timer = 0; last = performance.now(); set((n) => n + 1); }, wait);
    });
    return () => { stop(); clearTimeout(timer); };
  }, [id, service]);
  return count;
}

const Row = memo(({ id, task }) => html`<li><a class="row service" data-row href=${to("runs", id, task.service)}>
  <${Mark} of=${task.phase} turn=${task.turn} /><span class="name">${task.service}</span><span class="dim clip doing">${task.doing}</span>
  <span class="facts small"><${Tests} task=${task} /><${Lines} task=${task} />${task.cost_usd > 0 && html`<span>${money(task.cost_usd)}</span>`}${task.violations > 0 && html`<span class="bad">${plural(task.violations, "violation")}</span>`}${task.unplaced > 0 && html`<span class="warn">${task.unplaced} not placed</span>`}</span></a></li>`);

// With many services, the states are what one looks for first.
function Services({ id, tasks }) {
  const [only, set] = useState(null);
  const counts = [...new Set(tasks.map((task) => task.phase))].map((phase) => [phase, tasks.filter((task) => task.phase === phase).length]);
  const shown = counts.some(([phase]) => phase === only) ? tasks.filter((task) => task.phase === only) : tasks;
  return html`<${Section} name="Services" count=${tasks.length}>
    ${counts.length > 1 && html`<p class="filters">${counts.map(([phase, count]) => html`<button key=${phase} aria-pressed=${phase === only} onClick=${() => set(phase === only ? null : phase)}><${Mark} of=${phase} /> ${count}</button>`)}</p>`}
    <ul class="rows card">${shown.map((task) => html`<${Row} key=${task.service} id=${id} task=${task} />`)}</ul><//>`;
}

// No agent works on before a person allows more.
function Budget({ now, act }) {
  const [usd, set] = useState("");
  const enough = Number(usd) > now.cost_usd;
  return html`<form class="say budget" onSubmit=${(event) => { event.preventDefault(); if (enough) event.currentTarget.querySelector("button").click(); }}>
    <label>Budget in USD, more than ${money(now.cost_usd)}<input name="budget" type="number" min="0" step="0.01" inputmode="decimal" value=${usd} onInput=${(event) => set(event.target.value)} /></label>
    <${Act} kind="primary" disabled=${!enough} deed=${act("resume", { budget_usd: Number(usd) })}>Raise it and go on<//></form>`;
}

function Deeds({ now, detail }) {
  const [sure, ask] = useState(false);
  const path = runPath(now.run);
  const act = (deed, body) => async () => learn(await post(`${path}/${deed}`, body));
  const seen = Object.fromEntries(now.tasks.filter((task) => task.phase === "ready").map((task) => [task.service, task.diff]));
  const ready = Object.keys(seen);
  const wants = (what) => now.needs.some((need) => need.what === what);
  const first = now.tasks.find((task) => ["ready", "stuck", "rejected"].includes(task.phase));
  const can = (role, deed) => !OVER.includes(now.phase) && may(role) && deed;
  const plan = can("operator", wants("plan") && detail);
  const lands = can("operator", ["approved", "refused"].includes(now.phase));
  const all = can("reviewer", now.plan_approved && ready.length > 1);
  const stops = can("operator", ["preparing", "working", "paused", "landing"].includes(now.phase));
  const press = (deed) => () => document.querySelector(`[data-deed="${deed}"] button`)?.click();
  useKeys([["r", "review the first service that waits", () => first && go("runs", now.run, first.service)], now.plan_approved && ["R", "review the whole changeset", () => go("review", now.run)],
    plan && ["a", "approve the plan", press("plan")], lands && ["l", "land it", press("land")], all && ["A", "approve all that are ready", press("all")], stops && ["S", "stop the run", press("stop")],
  ], [now.run, first?.service, now.plan_approved, Boolean(plan), lands, all, stops]);
  if (OVER.includes(now.phase)) return null;
  return html`${now.phase === "paused" && may("operator") && html`<${Budget} now=${now} act=${act} />`}<div class="deeds">
    ${plan && html`<span data-deed="plan"><${Act} kind="primary" hint="a" deed=${act("approve", { plan: detail.plan.digest })}>Approve the plan<//></span>`}
    ${lands && html`<span data-deed="land"><${Act} kind="primary" hint="l" deed=${act("land")}>${wants("refused") ? "Land it again" : "Land it"}<//></span>`}
    ${now.phase === "requested" && detail && !detail.watching && may("operator") && html`<${Act} kind="primary" deed=${act("resume")}>Look at its pull requests again<//>`}
    ${now.plan_approved && first && html`<a class="button primary" href=${to("runs", now.run, first.service)}>Review ${first.service}<kbd>r</kbd></a>`}
    ${now.plan_approved && now.tasks.some((task) => task.diff) && html`<a class="button" href=${to("review", now.run)}>Review the changeset<kbd>R</kbd></a>`}
    ${all && html`<span data-deed="all"><${Act} hint="A" deed=${act("approve", { services: ready, diffs: seen })}>Approve all ${ready.length}<//></span>`}
    ${(now.phase === "stopped" || now.phase === "failed") && may("operator") && html`<${Act} kind="primary" deed=${act("resume")}>Resume<//>`}
    ${stops && html`<span data-deed="stop"><${Act} hint="S" deed=${act("stop")}>Stop<//></span>`}
    ${may("operator") && (sure ? html`<span class="sure">Give up the whole run? <${Act} kind="danger" deed=${act("discard")}>Discard it<//> <button class="quiet" onClick=${() => ask(false)}>Keep it</button></span>`
      : html`<button class="quiet" onClick=${() => ask(true)}>Discard…</button>`)}</div>`;
}

// A person's own branch: no plan and no agents, only what it changes.
const Branch = memo(({ run, offered }) => html`<${Section} name="Branch"><p class="meta"><code>${offered.branch}</code><span>at <code>${short(offered.commit)}</code></span><span>${plural(offered.files.length, "file")}</span><span class="good">approved by ${offered.by}, who added it</span>${offered.breaking && html`<span class="warn">may break consumers</span>`}</p>
  <${Diff} run=${run} service=${null} watched=${[offered.commit]} /><//>`);

// An address that came from outside is a link only where it is one of the web.
const Address = ({ url }) => (/^https?:\/\//.test(url) ? html`<a href=${url} rel="noopener noreferrer" target="_blank">${url}</a>` : html`<code>${url}</code>`);

const Changeset = memo(({ run }) => (run.merged || run.landing || run.refused || run.requests.length > 0 || run.union.length > 0) && html`<${Section} name="Changeset"><div class="card pad">
  ${run.merged && html`<p>merged onto <code>${short(run.merged.onto)}</code> as <code>${short(run.merged.commit)}</code></p>`}
  ${run.tested && html`<p><${Mark} of=${run.tested.passed ? "passed" : "failed"} /> ${run.tested.reason}</p>`}
  ${run.landing && html`<p class="good">✓ landed as <code>${short(run.landing.new)}</code> on <code>${run.landing.ref}</code> ${run.landing.note}</p>`}
  ${run.parts.map((part) => html`<p key=${part.repository} class=${part.stuck ? "bad" : part.taken_back ? "dim" : "good"}>${part.repository}: <code>${short(part.new)}</code> on <code>${part.ref}</code>${part.taken_back ? " taken back" : part.stuck ? ` STILL THERE, not taken back: ${part.stuck}` : ""}</p>`)}
  ${run.requests.map((each) => html`<p key=${each.url} class=${each.state === "closed" ? "bad" : each.state === "merged" ? "good" : "warn"}>${each.repository && `${each.repository}: `}pull request ${each.number} is ${each.state}${each.summary && `, ${each.summary}`}: <${Address} url=${each.url} /></p>`)}
  ${run.refused && html`<p class="bad">refused: ${run.refused.reason}</p><p class="dim">${run.refused.next_step}</p>`}
  ${run.union.map((evidence, n) => html`<${Evidence} key=${n} run=${run.run} evidence=${evidence} named=${evidence.service ? `${evidence.service}: ` : ""} />`)}
  <p class="dim">${run.guarantee}</p></div><//>`);

export function Run({ id }) {
  const story = useStory(id, null);
  const { value: detail, error } = useLoaded(runPath(id), [story]);
  const [text, showText] = useState(false);
  const now = live(id === "last" && detail ? detail.run : id).value || detail;
  const graph = useMemo(() => detail?.graph, [Boolean(detail)]); // a run's graph stays what it was
  const whither = useLatest((service) => to("runs", id, service));
  const nodes = useMemo(() => (now ? now.tasks.map(({ service, phase }) => ({ service, phase })) : []), [now?.tasks.map((t) => t.phase).join()]);
  if (!now) return error ? html`<${Title} words="No such run" /><${Failure} error=${error} />` : html`<p class="loading">reading the run…</p>`;
  const seconds = (Date.parse(now.updated) - Date.parse(now.created)) / 1000;
  const waiting = now.needs.filter((need) => !["plan", "review", "land", "asks", "proposal"].includes(need.what));
  const asking = now.tasks.filter((task) => task.asked.length);
  const proposed = now.needs.filter((need) => need.what === "proposal");
  const decided = (detail?.proposals || []).filter((each) => !proposed.some((need) => need.number === each.number));
  const plan = detail?.plan;
  return html`<${Title} words=${now.request} above=${html`<a href=${to("runs")}>Runs</a> / <code>${now.run}</code>`}>
      <p class="meta"><${Mark} of=${now.phase} /> <span>to <code>${now.target}</code></span> <span>by ${detail?.offered ? detail.offered.by : now.agent}</span> <span>${duration(seconds)}</span>
        <span>${money(now.cost_usd)}${now.budget_usd ? ` of ${money(now.budget_usd)}` : ""}</span>
        <span class=${now.sandbox === "none" ? "warn" : ""}>${now.sandbox === "none" ? "not isolated" : now.sandbox}</span>${!now.trusted && html`<span class="warn">not trusted: no checks run</span>`}</p>
      <${Deeds} now=${now} detail=${detail} /><//>
    ${waiting.length > 0 && html`<ul class="rows card">${waiting.map((need, n) => html`<li key=${n} class="pad"><span class="bad">${need.service ? html`<a href=${to("runs", now.run, need.service)}>${need.service}</a>: ` : ""}${need.text}</span></li>`)}</ul>`}
    ${asking.length > 0 && html`<div class="card pad questions"><${Questions} run=${now.run} tasks=${asking} named=${true} /></div>`}
    ${proposed.map((need) => html`<div class="card" key=${need.number}><${Proposal} run=${now.run} number=${need.number} /></div>`)}
    ${!now.plan_approved && plan ? html`<${PlanView} plan=${plan} /><${Section} name="Who needs whom"><${Graph} services=${nodes} edges=${graph.edges} events=${graph.event_edges} href=${whither} /><//>` : html`
      ${detail?.offered && html`<${Branch} run=${now.run} offered=${detail.offered} />`}
      ${now.tasks.length > 0 && html`${detail && html`<${Section} name="Who needs whom"><${Graph} services=${nodes} edges=${graph.edges} events=${graph.event_edges} href=${whither} /><//>`}
      <${Services} id=${now.run} tasks=${now.tasks} />`}
      ${plan && html`<${Section} name="Contract change" count=${plan.changes.length}>${plan.changes.length ? html`<${Delta} changes=${plan.changes} />` : html`<${Empty}>No contract changes.<//>`}
        ${plan.contracts.length > 0 && html`<button class="quiet" aria-expanded=${text} onClick=${() => showText(!text)}>${text ? "Hide" : "Show"} the text of ${plural(plan.contracts.length, "contract")}</button>`}
        ${text && html`<${Diff} run=${now.run} service=${null} watched=${[story]} />`}<//>`}
      ${decided.length > 0 && html`<${Section} name="Decided proposals" count=${decided.length}>${decided.map((each) => html`<details class="card" key=${each.number}><summary class="pad" data-row>proposal ${each.number} of ${each.author}, ${each.status}: <code>${each.path}</code></summary><${Proposal} run=${now.run} number=${each.number} /></details>`)}<//>`}
      ${detail?.notes.length > 0 && html`<${Section} name="Notes between agents" count=${detail.notes.length}><${Notes} notes=${detail.notes} /><//>`}
      ${detail && html`${now.tasks.length > 0 && html`<${Section} name="Time"><${Timeline} run=${detail} until=${Math.floor(Date.parse(now.updated) / 1000)} /><${Curves} curves=${detail.curves} /><//>`}<${Changeset} run=${detail} />`}
      ${plan?.planning && html`<p class="dim small">planned by ${plan.planning}</p>`}
      ${plan?.assumptions.map((each) => html`<p class="warn small" key=${each}>assuming ${each.replace(/^assuming /, "")}</p>`)}`}
    ${detail?.left_out.length > 0 && html`<p class="warn small">not seen by this run, because uncommitted: ${detail.left_out.slice(0, 10).join(", ")}${detail.left_out.length > 10 ? ` and ${detail.left_out.length - 10} more` : ""}</p>`}`;
}

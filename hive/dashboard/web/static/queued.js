// One changeset of the merge queue: a row, and below it what it stands on, its checks, and what can be done to it.
import { html, memo, useEffect, useRef, useState } from "./base.js";
import { may, post, runPath } from "./api.js";
import { Act } from "./parts.js";
import { to } from "./router.js";
import { learn } from "./store.js";
import { Track } from "./track.js";
import { Mark, sign, tone } from "./words.js";

export function soon(seconds) {
  if (seconds === null || seconds < 1) return "";
  return seconds < 60 ? `in about ${Math.round(seconds)} s` : `in about ${Math.ceil(seconds / 60)} min`;
}

const kind = (check) => (check.reused ? "reused" : check.outcome);

function Counts({ checks }) {
  const kinds = [...new Set(checks.map(kind))].map((name) => [name, checks.filter((check) => kind(check) === name)]);
  return kinds.length > 0 && html`<span class="tests"><span class="sr">checks: </span>${kinds.map(([name, all]) => html`<span key=${name} class=${tone(all[0].outcome)}><span aria-hidden="true">${name === "reused" ? "↺" : sign(name)}</span>${all.length}<span class="sr"> ${name}</span></span>`)}</span>`;
}

const Row = ({ item }) => html`<summary class="queue-row" data-row>
  <span class="first"><${Mark} of=${item.status} /><code class="dim">${item.run}</code><span class="name clip">${item.request}</span></span>
  <span class="facts small"><${Counts} checks=${item.checks} />${item.priority !== 0 && html`<span>priority ${item.priority}</span>`}<span class="dim eta">${soon(item.eta_seconds)}</span></span>
  <span class="why dim small">${item.why}</span></summary>`;

const Stack = ({ item }) => html`<p class="stack"><span class="sr">stands on </span><code>${item.target}</code>${item.stack.map((each) => html`<span key=${each.run}><span class="dim" aria-hidden="true"> ← </span><a href=${to("runs", each.run)}>${each.run}</a> <span class=${`small ${tone(each.status)}`}>${each.status}</span></span>`)}<span class="dim" aria-hidden="true"> ← </span><strong>${item.run}</strong></p>`;

const Check = ({ check }) => html`<li><${Mark} of=${check.outcome} word=${check.reused ? `${check.outcome}, reused` : undefined} /> <span class="name">${check.service || "all"}</span> <span class="dim">${check.said}</span></li>`;

function About({ item }) {
  return html`${item.on.length > 0 && html`<${Stack} item=${item} />`}
    ${item.held_by && html`<p class="warn">held by ${item.held_by}${item.held_because ? `: ${item.held_because}` : ""}</p>`}
    ${item.conflict && html`<p class="bad">does not merge: ${item.conflict}</p>`}
    ${item.after.length > 0 && html`<p>lands only after ${item.after.join(", ")}</p>`}
    ${item.checks.length > 0 && html`<ul class="union">${item.checks.map((check) => html`<${Check} key=${`${check.service}/${check.check}`} check=${check} />`)}</ul>`}
    <p class="dim small">touches ${item.touches.join(", ") || "nothing that a check sees"}</p>`;
}

// A deed with words: what is in the field goes along, Enter does it.
function Worded({ name, words, label, kind: look, hint, deed, number }) {
  const [said, say] = useState(number === undefined ? "" : String(number));
  const fits = number === undefined || (/^-?\d+$/.test(said) && Number(said) !== number && Math.abs(Number(said)) <= 1000);
  return html`<form class="say" onSubmit=${(event) => { event.preventDefault(); event.currentTarget.querySelector("button").click(); }}>
    <label>${label}<input name=${name} autocomplete="off" ...${number === undefined ? { maxlength: 4000 } : { type: "number", min: -1000, max: 1000, step: 1 }} value=${said} onInput=${(event) => say(event.target.value)} /></label>
    <${Act} kind=${look} disabled=${!fits} hint=${hint} deed=${() => deed(said.trim())}>${words}<//></form>`;
}

export function Move({ item, others, act }) {
  const [before, choose] = useState("");
  return others.length > 0 && html`<div class="say"><label>In front of<select value=${before} onChange=${(event) => choose(event.target.value)}><option value="">choose a run</option>${others.map((each) => html`<option key=${each.run} value=${each.run}>${each.run} ${each.request.slice(0, 60)}</option>`)}</select></label>
    <${Act} disabled=${!before} deed=${() => act(item, "move", { before })}>Move<//></div>`;
}

function Steer({ item, lane, act }) {
  const others = lane.filter((each) => each.run !== item.run);
  return html`<div class="steer">
    ${item.status === "held" ? html`<p class="deeds"><${Act} kind="primary" hint="H" deed=${() => act(item, "release")}>Let it go on<//></p>`
      : html`<${Worded} name="hold" words="Hold" hint="h" label="Why hold it?" deed=${(reason) => act(item, "hold", { reason })} />`}
    <${Worded} key=${item.priority} name="priority" words="Set" hint="p" number=${item.priority} label="Priority, higher ones first" deed=${(said) => act(item, "move", { priority: Number(said) })} />
    <${Move} item=${item} others=${others} act=${act} />
    <${Worded} name="withdraw" words="Take it out" kind="danger" hint="x" label="Why take it out?" deed=${(reason) => act(item, "withdraw", { reason })} /></div>`;
}

// `act(item, deed, body)` does something to it and loads the queue again.
export const Queued = memo(({ item, lane, wide, act }) => {
  const [open, unfold] = useState(false);
  const box = useRef(null);
  useEffect(() => { if (open) box.current.scrollIntoView({ block: "nearest" }); }, [open]);
  return html`<li class="queued" ref=${box} data-run=${item.run}><span class="standing" style=${{ width: `${wide}px` }}>${wide > 0 && html`<${Track} item=${item} />`}</span>
    <details open=${open} onToggle=${(event) => unfold(event.currentTarget.open)}><${Row} item=${item} />
      ${open && html`<div class="about-queued"><${About} item=${item} /><p><a href=${to("runs", item.run)}>Open run ${item.run}</a></p>
        ${may("operator") && item.status !== "landing" && html`<${Steer} item=${item} lane=${lane} act=${act} />`}</div>`}</details></li>`;
});

export const send = async (item, deed, body = {}) => learn(await post(`${runPath(item.run)}/${deed}`, body));

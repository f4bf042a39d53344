// One service of a run: its diff, its checks, its agent's words, and what one can say to it.
import { html, memo, useEffect, useLatest, useMemo, useRef, useState } from "../base.js";
import { may, me, post, runPath, servicePath } from "../api.js";
import { Diff, toggleSplit } from "../diff.js";
import { Evidence } from "../evidence.js";
import { useKeys } from "../keys.js";
import { before, looked } from "../looks.js";
import { Act, Empty, Failure, Lines, Tests, Title, useLoaded } from "../parts.js";
import { Remarks, Said, Submit, useRemarks } from "../remarks.js";
import { go, to } from "../router.js";
import { learn, run as live } from "../store.js";
import { Stream, useStream } from "../stream.js";
import { Interrupt, Notes, Proposal, Questions, Say } from "../talk.js";
import { Mark, money, plural } from "../words.js";
import { useStory } from "./run.js";

const OVER = ["landed", "discarded"];
const WAITS = ["ready", "stuck", "rejected"];
const TABS = [["diff", "Diff"], ["checks", "Checks"], ["stream", "Stream"], ["brief", "Brief"]];

function Concerns({ detail, resolve }) {
  const open = detail.comments.filter((c) => c.status !== "resolved");
  const told = open.some((c) => c.status === "open") ? [] : detail.told.filter((f) => f.source !== "review");
  const found = [
    ...detail.broken_rules.map((v) => html`<li class=${v.severity === "refused" ? "bad" : "warn"}><code>${v.path}</code> ${v.reason} <span class="dim">(${v.rule})</span></li>`),
    ...detail.not_placed.map((u) => html`<li class="warn">not placed: <code>${u.path}${u.line ? `:${u.line}` : ""}</code> ${u.reason}</li>`),
    ...open.map((c) => html`<${Said} key=${c.id} comment=${c} resolve=${resolve} />`),
    ...(told.map((f) => html`<li class="dim"><details><summary>sent back by ${f.source}: ${f.text.split("\n").slice(0, 2).join(" · ")}</summary><pre class="output">${f.text}</pre></details></li>`)),
    ...(detail.rejected ? [html`<li class="bad">rejected: ${detail.rejected}</li>`] : []),
  ];
  return found.length > 0 && html`<ul class="concerns card pad" aria-label="to look at">${found}</ul>`;
}

function useReview(id, service, task, detail) {
  const [shown, see] = useState(null);
  const path = runPath(id);
  const remarks = useRemarks(id, service);
  const next = (run) => {
    learn(run);
    const waiting = run.tasks.filter((each) => each.service !== service && WAITS.includes(each.phase));
    if (waiting.length) go("runs", id, waiting[0].service);
    else go("runs", id);
  };
  return {
    ...remarks, see,
    approve: async () => next(await post(`${path}/approve`, { services: [service], diffs: { [service]: shown ?? task.diff ?? detail?.diff } })),
    reject: async () => { learn(await post(`${path}/reject`, { services: [service], reason: remarks.words.trim() })); remarks.clear(); },
    resolve: async (comment) => learn(await post(`${path}/resolve`, { comments: [comment.id] })),
    retry: async () => learn(await post(`${path}/retry`, { service })),
    stop: async () => learn(await post(`${path}/stop`, { service })),
  };
}

// What has changed since this person looked last; the whole diff is one key away.
const Changes = memo(({ id, service, diff, commit, remark, see, comments }) => {
  const [only, narrow] = useState(false);
  const task = { service, diff, commit };
  const last = before(id, task);
  const useful = last && last !== commit;
  useKeys([useful && ["d", "only what changed since you looked", () => narrow(!only)]], [useful, only]);
  const show = (shown) => { see(shown.digest); if (shown.digest === diff) looked(id, task); };
  return html`<${Diff} run=${id} service=${service} old=${only && useful ? last : null} watched=${[diff]} remark=${remark} onLoad=${show} comments=${comments}
    tools=${useful && html`<button class="quiet" aria-pressed=${only} onClick=${() => narrow(!only)}>Only what changed since you looked<kbd>d</kbd></button>`} />`;
});

export function Service({ id, service }) {
  const story = useStory(id, service);
  const { value: detail, error } = useLoaded(servicePath(id, service), [story]);
  const [tab, open] = useState("diff");
  const run = live(id).value;
  const task = run?.tasks.find((each) => each.service === service) || detail;
  const blocks = useStream(id, service, detail);
  const review = useReview(id, service, task || {}, detail);
  const remark = useLatest(review.remark);
  const comments = useMemo(() => detail?.comments.filter((each) => each.status !== "resolved").map((each) => ({ ...each, service })), [detail]);
  const proposals = run ? run.needs.filter((need) => need.what === "proposal" && need.service === service).map((need) => need.number) : [];
  const changes = detail?.elements || [];
  const names = run ? run.tasks.map((each) => each.service) : [];
  const beside = (by) => { const found = names[names.indexOf(service) + by]; if (found) go("runs", id, found); };
  const decides = task && WAITS.includes(task.phase) && !OVER.includes(run?.phase) && may("reviewer");
  const approvable = decides && ["ready", "stuck"].includes(task.phase);
  const attempt = (deed) => () => document.querySelector(`[data-deed="${deed}"] button`)?.click();
  useKeys([
    [".", "next service", () => beside(1)], [",", "previous service", () => beside(-1)], ["u", "side by side or unified", toggleSplit],
    ...TABS.map(([name, words], n) => [`${n + 1}`, words.toLowerCase(), () => open(name)]),
    approvable && ["a", "approve this diff", attempt("approve")],
    decides && ["c", "say what should change", () => review.box.current?.focus()],
    task?.phase === "working" && may("operator") && ["w", "say something to its agent", () => { open("stream"); setTimeout(() => document.querySelector("[data-say]")?.focus(), 50); }],
    decides && ["x", "reject this diff", attempt("reject")],
  ], [id, service, names.length, decides, approvable, task?.phase]);
  const began = useRef(false);
  useEffect(() => {
    if (detail && !began.current) { began.current = true; if (!detail.diff) open("stream"); }
  }, [detail]);
  const working = task && ["preparing", "working", "collecting", "checking", "waiting"].includes(task.phase);
  if (!task) return error ? html`<${Title} words=${service} /><${Failure} error=${error} />` : html`<p class="loading">reading ${service}…</p>`;
  const at = names.indexOf(service);
  return html`<${Title} words=${service} above=${html`<a href=${to("runs")}>Runs</a> / <a href=${to("runs", id)}>${run?.request || id}</a> / <a href=${to("review", id)}>Review</a>`}>
      <p class="meta"><${Mark} of=${task.phase} turn=${task.turn} /><${Tests} task=${task} /><${Lines} task=${task} />
        <span class="dim">${task.role}, wave ${task.wave + 1}</span>${task.cost_usd > 0 && html`<span>${money(task.cost_usd)}</span>`}
        ${detail?.approved_by && html`<span class="good">approved by ${detail.approved_by}</span>`}
        ${detail?.lacks.map((words) => html`<span class="warn" key=${words}>${words}</span>`)}</p>
      ${task.phase !== "approved" && html`<p class="doing dim">${task.doing}</p>`}
      <div class="deeds">${approvable && html`<span data-deed="approve"><${Act} kind="primary" hint="a" deed=${review.approve}>Approve<//></span>`}
        ${may("reviewer") && !OVER.includes(run?.phase) && !working && html`<${Act} deed=${review.retry}>Retry<//>`}
        ${may("operator") && task.phase === "working" && html`<${Interrupt} run=${id} service=${service} />`}
        ${may("operator") && working && task.phase !== "waiting" && html`<${Act} deed=${review.stop}>Stop<//>`}
        ${names.length > 1 && html`<span class="steps"><button class="quiet" disabled=${at <= 0} onClick=${() => beside(-1)} aria-label="previous service">←</button>
          <span class="dim small">${at + 1} of ${names.length}</span><button class="quiet" disabled=${at >= names.length - 1} onClick=${() => beside(1)} aria-label="next service">→</button></span>`}</div><//>
    ${task.asked.length > 0 && html`<div class="card pad questions"><${Questions} run=${id} tasks=${[task]} /></div>`}
    ${proposals.map((number) => html`<div class="card" key=${number}><${Proposal} run=${id} number=${number} /></div>`)}
    ${detail && html`<${Submit} run=${id} comments=${detail.comments} me=${me.value.name} />`}
    ${detail && html`<${Concerns} detail=${detail} resolve=${may("reviewer") && !OVER.includes(run?.phase) ? review.resolve : null} />`}
    <div class="tabs" role="tablist" aria-label="about this service">${TABS.map(([name, words], n) => html`<button key=${name} role="tab" id=${`tab-${name}`} aria-selected=${tab === name} aria-controls="panel" onClick=${() => open(name)}>${words}
      ${name === "checks" && detail?.evidence.length > 0 && html`<span class="count">${detail.evidence.length}</span>`}<kbd>${n + 1}</kbd></button>`)}</div>
    <div class="panel" role="tabpanel" id="panel" aria-labelledby=${`tab-${tab}`}>
      ${tab === "diff" && (task.diff ? html`<${Changes} id=${id} service=${service} diff=${task.diff} commit=${task.commit} remark=${decides ? remark : null} see=${review.see} comments=${comments} />` : html`<${Empty}>There is no diff yet: ${task.doing || task.phase}.<//>`)}
      ${tab === "checks" && detail && (detail.evidence.length ? detail.evidence.map((each) => html`<${Evidence} key=${`${each.check}${each.tree}`} run=${id} evidence=${each} />`) : html`<${Empty}>No check has ended yet.<//>`)}
      ${tab === "checks" && detail?.baseline && html`<h3>On the unchanged base</h3><${Evidence} run=${id} evidence=${detail.baseline} />`}
      ${tab === "stream" && html`<${Stream} blocks=${blocks} working=${working} />${task.phase === "working" && may("operator") && html`<${Say} run=${id} service=${service} />`}
        ${detail?.notes.length > 0 && html`<h3>Notes between agents</h3><${Notes} notes=${detail.notes} />`}`}
      ${tab === "brief" && detail && html`<div class="card pad"><p>${detail.reason}</p><pre>${detail.brief}</pre>${detail.steps.length > 0 && html`<h3>${plural(detail.steps.length, "step")}</h3><ul>${detail.steps.map((step, n) => html`<li key=${n}>${step.status}: ${step.text}</li>`)}</ul>`}</div>`}</div>
    ${decides && html`<${Remarks} review=${review} service=${service} changes=${changes}><span data-deed="reject"><${Act} kind="danger" hint="x" deed=${review.reject}>Reject<//></span><//>`}`;
}

// A changeset under review: by service, or hunk by hunk below the contract elements that it carries.
import { html, useMemo, useState } from "../base.js";
import { changesetPath, may, me, post, runPath } from "../api.js";
import { Window } from "../diff.js";
import { useKeys } from "../keys.js";
import { look } from "../looks.js";
import { Act, Empty, Failure, Lines, Section, Tests, Title, useLoaded } from "../parts.js";
import { Comments, Remarks, Submit, useRemarks } from "../remarks.js";
import { to } from "../router.js";
import { learn, run as live } from "../store.js";
import { Mark, element, plural } from "../words.js";
import { useStory } from "./run.js";

const OVER = ["landed", "discarded"];
const LOOKS = { new: ["new to you", "warn"], changed: ["changed since you looked", "warn"], seen: ["seen", "dim"] };
const BY = "hive.review.by";

function Row({ id, task }) {
  const seen = LOOKS[look(id, task)];
  return html`<li><a class="row service" data-row href=${to("runs", id, task.service)}><${Mark} of=${task.phase} turn=${task.turn} /><span class="name">${task.service}</span>
    <span class="dim clip">${task.lacks.join("; ") || (task.approved_by ? `approved by ${task.approved_by}` : task.doing)}</span>
    <span class="facts small">${seen && html`<span class=${seen[1]}>${seen[0]}</span>`}${task.unresolved > 0 && html`<span class="warn">${plural(task.unresolved, "comment")}</span>`}<${Tests} task=${task} /><${Lines} task=${task} /></span></a></li>`;
}

const ByService = ({ id, tasks }) => html`<${Section} name="Services" count=${tasks.length}><ul class="rows card">
  ${tasks.toSorted((a, b) => a.wave - b.wave).map((task) => html`<${Row} key=${task.service} id=${id} task=${task} />`)}</ul><//>`;

function Element({ id, group, n, review, owner, comments }) {
  const { named, path } = group.change ? element(group.change) : { named: "other", path: "" };
  const services = [...new Set(group.files.map((file) => file.service).filter(Boolean))];
  return html`<section class="element" aria-labelledby=${`element-${n}`}><h2 id=${`element-${n}`}>${group.change ? html`<code>${named}</code>` : "Other"} <span class="count">${plural(group.files.length, "file")}</span></h2>
    ${group.change ? html`<p class="meta"><${Mark} of=${group.change.severity} /><span>${group.change.message}</span><span class="dim small">${path}</span></p>`
      : html`<p class="dim">No contract element is named in these lines.</p>`}
    <p class="small">${services.map((service) => html`<a key=${service} class="part" href=${to("runs", id, service)}>${service}</a> `)}
      ${review && group.change && owner && html`<button class="quiet" onClick=${() => review.add({ service: owner, element: group.element })}>Remark on ${named}</button>`}</p>
    ${group.files.length > 0 && html`<${Window} files=${group.files} remark=${review ? review.remark : null} comments=${comments} label=${`diff of ${named}`} />`}</section>`;
}

function ByElement({ id, story, detail, decides }) {
  const { value, error } = useLoaded(changesetPath(id), [story]);
  const review = useRemarks(id, null);
  const comments = useMemo(() => detail.comments.filter((each) => each.status !== "resolved"), [detail]);
  const ready = detail.tasks.filter((task) => task.phase === "ready").map((task) => task.service);
  if (error) return html`<${Failure} error=${error} />`;
  if (!value) return html`<p class="loading">reading the diffs…</p>`;
  const owner = detail.plan?.tasks.find((task) => ["provider", "both"].includes(task.role))?.service || detail.plan?.tasks[0]?.service;
  const seen = Object.fromEntries(ready.map((service) => [service, value.diffs[service]]).filter(([, diff]) => diff));
  const approve = async () => learn(await post(`${runPath(id)}/approve`, { services: Object.keys(seen), diffs: seen }));
  return html`${value.cut && html`<p class="warn">The changeset is too long to show whole: the rest is on the services' own pages.</p>`}
    ${!value.groups.length && html`<${Empty}>There is no diff yet.<//>`}
    ${value.groups.map((group, n) => html`<${Element} key=${group.element} id=${id} group=${group} n=${n} review=${decides ? review : null} owner=${owner} comments=${comments} />`)}
    ${decides && html`<${Remarks} review=${review} service=${null}>${Object.keys(seen).length > 0 && html`<${Act} deed=${approve}>Approve all ${Object.keys(seen).length}<//>`}<//>`}`;
}

export function Review({ id }) {
  const story = useStory(id, null);
  const { value: detail, error } = useLoaded(runPath(id), [story]);
  const [by, set] = useState(localStorage.getItem(BY) === "element" ? "element" : "service");
  const choose = (name) => { localStorage.setItem(BY, name); set(name); };
  useKeys([["b", "by service or by contract element", () => choose(by === "element" ? "service" : "element")]], [by]);
  const now = live(id).value;
  if (!detail) return error ? html`<${Title} words="No such run" /><${Failure} error=${error} />` : html`<p class="loading">reading the run…</p>`;
  const tasks = (now || detail).tasks;
  const decides = detail.plan_approved && !OVER.includes((now || detail).phase) && may("reviewer");
  const resolve = decides ? async (comment) => learn(await post(`${runPath(id)}/resolve`, { comments: [comment.id] })) : null;
  const approved = tasks.filter((task) => task.phase === "approved").length;
  return html`<${Title} words=${`Review: ${detail.request}`} above=${html`<a href=${to("runs")}>Runs</a> / <a href=${to("runs", detail.run)}><code>${detail.run}</code></a>`}>
      <p class="meta"><${Mark} of=${(now || detail).phase} /><span>${approved} of ${plural(tasks.length, "diff")} approved</span>
        ${detail.contract_lacks.map((words) => html`<span class="warn" key=${words}>the contract ${words}</span>`)}</p>
      <div class="filters" role="group" aria-label="order of the review">${["service", "element"].map((name) => html`<button key=${name} aria-pressed=${by === name} onClick=${() => choose(name)}>by ${name === "element" ? "contract element" : name}</button>`)}<kbd class="only-wide">b</kbd></div><//>
    <${Submit} run=${detail.run} comments=${detail.comments} me=${me.value.name} />
    <${Comments} comments=${detail.comments} resolve=${resolve} named=${true} />
    ${by === "service" ? html`<${ByService} id=${detail.run} tasks=${tasks} />` : html`<${ByElement} id=${detail.run} story=${story} detail=${{ ...detail, tasks }} decides=${decides} />`}`;
}

// What needs you: across all runs, newest first, each with what answers it.
import { html } from "../base.js";
import { may, post, runPath } from "../api.js";
import { Act, Empty, Marks, Title } from "../parts.js";
import { Proposal, Questions } from "../talk.js";
import { to } from "../router.js";
import { all, learn, link } from "../store.js";
import { Mark, ago, money, plural } from "../words.js";

const WORDS = {
  plan: "A plan waits for you", review: "Ready for review", stuck: "Stuck", land: "Ready to land", request: "A pull request waits", refused: "Could not land",
  failed: "hive could not go on", rejected: "Rejected, waits for words", stopped: "Stopped", budget: "Out of budget",
};
const STATE = { plan: "planned", review: "review", stuck: "stuck", land: "approved", request: "requested", refused: "failed", failed: "failed", rejected: "rejected", stopped: "stopped", budget: "stopped" };
const BUSY = ["preparing", "working", "landing"];

const LANDS = ["land", "refused"];

const Need = ({ run, need }) => html`<li>
  <a class="row need" data-row href=${need.service ? to("runs", run.run, need.service) : to("runs", run.run)}>
    <${Mark} of=${STATE[need.what] || "review"} word=${WORDS[need.what] || need.what} />
    ${need.service && html`<span class="name">${need.service}</span>`}
    <span class="dim clip">${need.text}</span></a>
  ${LANDS.includes(need.what) && ["approved", "refused"].includes(run.phase) && may("operator") && html`<${Act} kind="primary" deed=${async () => learn(await post(`${runPath(run.run)}/land`))}>${need.what === "land" ? "Land" : "Land again"}<//>`}
  ${(need.what === "failed" || (need.what === "stopped" && !need.service)) && may("operator") && html`<${Act}
    deed=${async () => learn(await post(`${runPath(run.run)}/resume`))}>Resume<//>`}
</li>`;

const SHOWN = ["asks", "proposal"];

// What agents wait for comes first, with what answers it: they work on meanwhile, or stand still.
function Asked({ run }) {
  const asking = run.tasks.filter((task) => task.asked.length);
  return html`${asking.length > 0 && html`<div class="pad questions"><${Questions} run=${run.run} tasks=${asking} named=${true} /></div>`}
    ${run.needs.filter((need) => need.what === "proposal").map((need) => html`<${Proposal} key=${need.number} run=${run.run} number=${need.number} />`)}`;
}

export function Inbox() {
  const waiting = all.value.toReversed().filter((run) => run.needs.length);
  const busy = all.value.toReversed().filter((run) => BUSY.includes(run.phase));
  const count = waiting.reduce((sum, run) => sum + run.needs.length, 0);
  const empty = link.value.state === "connecting" ? "…" : html`Nothing needs you${busy.length ? `; ${plural(busy.length, "run")} at work` : ""}. ${may("operator") && html`<a href=${to("start")}>Start a run</a>`}`;
  return html`<${Title} words="Needs you"><p class="dim">${count ? `${plural(count, "thing")} in ${plural(waiting.length, "run")}` : ""}</p><//>
    ${!count && html`<${Empty}>${empty}<//>`}
    ${waiting.map((run) => html`<section class="card" key=${run.run} aria-label=${run.request}>
      <header><a href=${to("runs", run.run)}><h2>${run.request}</h2></a>
        <p class="dim small"><code>${run.run}</code> · ${ago(run.created)} · to ${run.target}${run.cost_usd ? ` · ${money(run.cost_usd)}` : ""} <${Marks} tasks=${run.tasks} /></p></header>
      <${Asked} run=${run} />
      <ul class="rows">${run.needs.filter((need) => !SHOWN.includes(need.what)).map((need) => html`<${Need} key=${`${need.what}/${need.service}`} run=${run} need=${need} />`)}</ul>
    </section>`)}
    ${busy.length > 0 && html`<section aria-labelledby="atwork"><h2 id="atwork">At work</h2><ul class="rows card">${busy.map((run) => html`<li key=${run.run}>
      <a class="row" data-row href=${to("runs", run.run)}><${Mark} of=${run.phase} /><span class="name clip">${run.request}</span><${Marks} tasks=${run.tasks} /><span class="facts small"><code class="dim">${run.run}</code></span></a></li>`)}</ul></section>`}`;
}

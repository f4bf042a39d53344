// From a sentence to a run: the plan is shown first, and what starts is exactly the plan that was shown.
import { html, useState } from "../base.js";
import { may, post, runPath } from "../api.js";
import { Act, Delta, Empty, Section, Title, notice, useLoaded } from "../parts.js";
import { go } from "../router.js";
import { learn } from "../store.js";
import { money } from "../words.js";

const FIRST = { request: "", to: "", agent: "", planner: "", budget: "", parallel: "", approve_all: false, land: false, allow_breaking: false };

const PLANNERS = { auto: "grammar, else a model", grammar: "grammar: no model, no cost", model: "a model" };
const number = (text) => (text.trim() ? Number(text) : null);

const wish = (form) => ({ request: form.request, to: form.to.trim() || null, planner: form.planner || null, budget_usd: number(form.budget) });

async function begin(form, plan) {
  const { approve_all, land, allow_breaking } = form;
  const run = await post("/api/v1/runs", { ...wish(form), agent: form.agent || null, max_parallel: number(form.parallel), approve_all, land, allow_breaking });
  learn(run);
  go("runs", run.run);
  if (run.plan.digest !== plan.digest) throw new Error("The project has changed since the plan was shown: look at the new plan, then approve it.");
  learn(await post(`${runPath(run.run)}/approve`, { plan: plan.digest }));
}

export const PlanView = ({ plan }) => html`
  ${plan.planning && html`<p class="dim small">planned by ${plan.planning}</p>`}
  ${plan.assumptions.map((each) => html`<p class="warn" key=${each}>assuming ${each.replace(/^assuming /, "")}</p>`)}
  <${Section} name="Contract change" count=${plan.changes.length}>${plan.changes.length ? html`<${Delta} changes=${plan.changes} />` : html`<${Empty}>No contract changes.<//>`}<//>
  <${Section} name="Services in this plan" count=${plan.tasks.length}><ul class="rows card">${plan.tasks.toSorted((a, b) => a.wave - b.wave).map((task) => html`<li key=${task.service}><details class="brief"><summary data-row>
    <span class="name">${task.service}</span><span class="dim">${task.role}, wave ${task.wave + 1}</span><span class="dim clip">${task.reason}</span></summary><pre>${task.brief}</pre></details></li>`)}</ul><//>`;

export function Start() {
  const [form, set] = useState(FIRST);
  const [plan, show] = useState(null);
  const change = (name, value) => { set({ ...form, [name]: value }); if (["request", "to", "planner", "budget"].includes(name)) show(null); };
  const text = (name) => ({ value: form[name], onInput: (e) => change(name, e.target.value) });
  const pick = (name) => ({ value: form[name], onChange: (e) => change(name, e.target.value) });
  const { value: choices } = useLoaded("/api/v1/choices");
  const agent = choices?.agents.find((each) => each.name === (form.agent || choices.agent));
  const box = (name) => ({ type: "checkbox", checked: form[name], onChange: (e) => change(name, e.target.checked) });
  if (!may("operator")) return html`<${Title} words="Start a run" /><${Empty}>Only an operator starts runs.<//>`;
  const ask = async () => show(await post("/api/v1/plans", wish(form)));
  const breaks = plan?.changes.some((change) => ["breaking", "unknown"].includes(change.severity));
  const submit = (event) => { event.preventDefault(); ask().then(() => { notice.value = null; }, (error) => { notice.value = { text: error.message, next: error.next }; }); };
  return html`<${Title} words="Start a run" />
    <form class="card form" onSubmit=${submit}>
      <label>What should change?<textarea name="request" rows="2" required maxlength="2000" placeholder="add loyalty_points field to User" ...${text("request")}></textarea></label>
      <div class="fields"><label>Entity<input name="to" placeholder="if the words do not say it" maxlength="200" autocomplete="off" ...${text("to")} /></label>
        <label>Agent<select name="agent" ...${pick("agent")}><option value="">${choices ? `as set: ${choices.agent}` : "as set"}</option>${choices?.agents.map((each) => html`<option key=${each.name} value=${each.name}>${each.name}${each.missing ? " (not here)" : ""}</option>`)}</select></label>
        <label>Planner<select name="planner" ...${pick("planner")}><option value="">${choices ? `as set: ${choices.planner}` : "as set"}</option>${Object.entries(PLANNERS).map(([name, words]) => html`<option key=${name} value=${name}>${words}</option>`)}</select></label>
        <label>Budget in USD<input name="budget" placeholder="no limit" type="number" min="0.01" step="0.01" max="1000000" inputmode="decimal" ...${text("budget")} /></label>
        <label>Agents at a time<input name="parallel" placeholder="as in hive.toml" type="number" min="1" max="1000" inputmode="numeric" ...${text("parallel")} /></label></div>
      ${agent && html`<p class=${agent.missing ? "warn small" : "dim small"}>${agent.name}: ${agent.missing || agent.description}</p>`}
      <fieldset><legend class="sr">How much happens without asking</legend>
        <label><input ...${box("approve_all")} /> approve every diff that checks prove</label><label><input ...${box("land")} /> land as soon as everything is approved</label></fieldset>
      <p><button type="submit" class=${plan ? "" : "primary"} disabled=${!form.request.trim()}>Show the plan</button></p></form>
    ${plan && html`<div class="plan"><${Section} name="The plan"><p class="dim">lands on <code>${plan.target}</code>${plan.estimated_cost_usd ? `, about ${money(plan.estimated_cost_usd)}` : ""}</p><//><${PlanView} plan=${plan} />
      ${breaks && html`<label class="warn"><input ...${box("allow_breaking")} /> start although it breaks consumers of a contract</label>`}
      <p class="deeds"><${Act} kind="primary" disabled=${breaks && !form.allow_breaking} deed=${() => begin(form, plan)}>Approve the plan and start<//></p></div>`}`;
}

// The single tests of a check as a tree: groups with failures first, failures with their reasons, passes folded.
import { html, useState } from "./base.js";
import { plural } from "./words.js";

const MARKS = { passed: ["✓", "good"], failed: ["✗", "bad"], skipped: ["○", "warn"] };
const ORDER = ["failed", "skipped", "passed"];
const MOST = 300;

function groupsOf(cases) {
  const found = new Map();
  cases.forEach((each) => { if (!found.has(each.group)) found.set(each.group, []); found.get(each.group).push(each); });
  const groups = [...found].map(([name, all]) => ({ name, all, red: all.some((each) => each.outcome === "failed") }));
  return groups.sort((a, b) => b.red - a.red || (a.name < b.name ? -1 : 1));
}

function Case({ of }) {
  const [sign, tone] = MARKS[of.outcome] || ["?", "warn"];
  const message = of.outcome !== "passed" && of.message;
  return html`<li><span class=${tone}><span aria-hidden="true">${sign} </span><span class="sr">${of.outcome}: </span></span>${of.name}${of.seconds ? html`<span class="dim small"> ${of.seconds.toFixed(2)} s</span>` : ""}
    ${message && html`<pre class="output" tabindex="0">${message}</pre>`}</li>`;
}

function Group({ group, all }) {
  const [more, show] = useState(MOST);
  const loud = all ? group.all : group.all.filter((each) => each.outcome !== "passed");
  const shown = loud.toSorted((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome)).slice(0, more);
  const counts = ORDER.map((outcome) => [outcome, group.all.filter((each) => each.outcome === outcome).length]).filter(([, n]) => n);
  const head = html`<span class=${group.red ? "bad" : "good"} aria-hidden="true">${group.red ? "✗" : "✓"} </span><span class="name">${group.name || "tests"}</span> <span class="dim small">${counts.map(([outcome, n]) => `${n} ${outcome}`).join(", ")}</span>`;
  return html`<li class="case-group"><p>${head}</p>${shown.length > 0 && html`<ul>${shown.map((each, n) => html`<${Case} key=${n} of=${each} />`)}</ul>`}
    ${loud.length > more && html`<button class="quiet" onClick=${() => show(more + MOST)}>${loud.length - more} more</button>`}</li>`;
}

export function Cases({ cases }) {
  const [all, unfold] = useState(false);
  const passed = cases.filter((each) => each.outcome === "passed").length;
  const groups = groupsOf(cases);
  return html`<div class="cases"><ul>${groups.slice(0, MOST).map((group) => html`<${Group} key=${group.name} group=${group} all=${all} />`)}</ul>
    ${groups.length > MOST && html`<p class="dim">${plural(groups.length - MOST, "more group")}</p>`}
    ${passed > 0 && html`<button class="quiet" aria-expanded=${all} onClick=${() => unfold(!all)}>${all ? "Fold" : "Show"} ${plural(passed, "passed test")}</button>`}</div>`;
}

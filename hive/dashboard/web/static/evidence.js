// What hive saw when it ran a check itself.
import { html, useEffect, useState } from "./base.js";
import { get, outputPath } from "./api.js";
import { Cases } from "./cases.js";
import { tell } from "./parts.js";
import { Mark, counted, short } from "./words.js";

export function Evidence({ run, evidence, named = "" }) {
  const [output, show] = useState(null);
  const load = () => get(outputPath(run, evidence.output)).then(show, tell);
  const [cases, list] = useState(null);
  const [open, unfold] = useState(evidence.outcome !== "passed");
  useEffect(() => {
    if (!open || !evidence.cases) return;
    get(outputPath(run, evidence.cases)).then((told) => list(typeof told === "string" ? JSON.parse(told) : told)).catch(() => list([]));
  }, [open, run, evidence.cases]);
  const said = counted(evidence);
  return html`<details class="evidence" open=${open} onToggle=${(e) => unfold(e.currentTarget.open)}><summary data-row><${Mark} of=${evidence.outcome} word="${named}${evidence.check} ${evidence.outcome.replace("_", " ")}" />
      <span>${said}</span><span class="dim small">${evidence.quarantined ? "quarantined · " : ""}${evidence.retried.length && evidence.outcome === "passed" ? "flaky · " : ""}${evidence.reused ? "seen before" : `${evidence.seconds.toFixed(1)} s`}</span></summary>
    ${evidence.reason && html`<p>${evidence.reason}</p>`}
    ${evidence.retried.map((each, n) => html`<p class="warn" key=${n}>tried before: ${each}</p>`)}
    ${evidence.warnings.map((each) => html`<p class="warn" key=${each}>${each}</p>`)}
    <dl class="facts">${evidence.command && html`<div><dt>command</dt><dd><code>${evidence.command}</code></dd></div>`}
      ${evidence.exit_code !== null && html`<div><dt>exit code</dt><dd>${evidence.exit_code}</dd></div>`}
      ${evidence.tree && html`<div><dt>tree</dt><dd><code>${short(evidence.tree)}</code></dd></div>`}<div><dt>sandbox</dt><dd>${evidence.sandbox === "none" ? "none: it was not isolated" : evidence.sandbox}</dd></div></dl>
    ${cases?.length > 0 && html`<${Cases} cases=${cases} />`}
    ${(output ?? evidence.tail) && html`<pre class="output" tabindex="0">${output ?? evidence.tail}</pre>`}
    ${evidence.output && output === null && html`<button class="quiet" onClick=${load}>Whole output</button>`}</details>`;
}

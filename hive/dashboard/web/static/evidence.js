// What hive saw when it ran a check itself.
import { html, useState } from "./base.js";
import { get, outputPath } from "./api.js";
import { tell } from "./parts.js";
import { Mark, counted, short } from "./words.js";

export function Evidence({ run, evidence, named = "" }) {
  const [output, show] = useState(null);
  const load = () => get(outputPath(run, evidence.output)).then(show, tell);
  const said = counted(evidence);
  return html`<details class="evidence" open=${evidence.outcome !== "passed"}><summary data-row><${Mark} of=${evidence.outcome} word="${named}${evidence.check} ${evidence.outcome.replace("_", " ")}" />
      <span>${said}</span><span class="dim small">${evidence.reused ? "seen before" : `${evidence.seconds.toFixed(1)} s`}</span></summary>
    ${evidence.reason && html`<p>${evidence.reason}</p>`}
    ${evidence.warnings.map((each) => html`<p class="warn" key=${each}>${each}</p>`)}
    <dl class="facts">${evidence.command && html`<div><dt>command</dt><dd><code>${evidence.command}</code></dd></div>`}
      ${evidence.exit_code !== null && html`<div><dt>exit code</dt><dd>${evidence.exit_code}</dd></div>`}
      ${evidence.tree && html`<div><dt>tree</dt><dd><code>${short(evidence.tree)}</code></dd></div>`}<div><dt>sandbox</dt><dd>${evidence.sandbox === "none" ? "none: it was not isolated" : evidence.sandbox}</dd></div></dl>
    ${(output ?? evidence.tail) && html`<pre class="output" tabindex="0">${output ?? evidence.tail}</pre>`}
    ${evidence.output && output === null && html`<button class="quiet" onClick=${load}>Whole output</button>`}</details>`;
}

// All runs, newest first.
import { html, useState } from "../base.js";
import { Empty, Marks, Title } from "../parts.js";
import { to } from "../router.js";
import { all } from "../store.js";
import { Mark, ago, money } from "../words.js";

const PAGE = 100;

export function Runs() {
  const [words, look] = useState("");
  const [most, more] = useState(PAGE);
  const wanted = words.trim().toLowerCase();
  const found = all.value.toReversed().filter((run) => !wanted || `${run.run} ${run.request} ${run.phase} ${run.target}`.toLowerCase().includes(wanted));
  return html`<${Title} words="Runs" />
    <p class="tools"><label class="search"><span class="sr">Find runs</span><input type="search" placeholder="Find by words, id or state" value=${words} onInput=${(e) => look(e.target.value)} /></label>
      <span class="dim" role="status">${found.length === all.value.length ? `${found.length} runs` : `${found.length} of ${all.value.length}`}</span></p>
    ${!found.length && html`<${Empty}>${wanted ? "No run is like that." : "There is no run yet."}<//>`}
    ${found.length > 0 && html`<ul class="rows card">${found.slice(0, most).map((run) => html`<li key=${run.run}><a class="row run" data-row href=${to("runs", run.run)}>
      <${Mark} of=${run.phase} /><span class="name clip">${run.request}</span><${Marks} tasks=${run.tasks} />
      <span class="dim small facts"><code>${run.run}</code> ${ago(run.created)}${run.cost_usd ? ` · ${money(run.cost_usd)}` : ""}</span></a></li>`)}</ul>`}
    ${found.length > most && html`<button onClick=${() => more(most + PAGE)}>Show more</button>`}`;
}

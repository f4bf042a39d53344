// Contracts: who provides each and who consumes it, and what is in it.
import { html, useState } from "../base.js";
import { contractPath } from "../api.js";
import { Empty, Failure, Section, Title, useLoaded } from "../parts.js";
import { to } from "../router.js";
import { plural } from "../words.js";

const MOST = 60;

function Entity({ entity }) {
  return html`<li><details class="brief"><summary data-row><span class="name">${entity.name}</span><span class="dim">${plural(entity.fields.length, "field")}</span><code class="dim clip">${entity.pointer}</code></summary>
    <ul class="fields-of pad">${entity.fields.map((field) => html`<li key=${field.name}><code>${field.name}</code> <span class="dim">${field.type}${field.required ? ", required" : ""}${field.line ? ` · line ${field.line}` : ""}</span></li>`)}</ul></details></li>`;
}

function Operations({ operations }) {
  const names = (each) => each.join(", ") || "–";
  return html`<div class="scroll" tabindex="0" role="region" aria-label="operations"><table><thead><tr><th scope="col">operation</th><th scope="col">takes</th><th scope="col">gives</th></tr></thead><tbody>
    ${operations.map((each) => html`<tr key=${each.name}><td><code>${each.name}</code></td><td>${names(each.request)}</td><td>${names(each.response)}</td></tr>`)}</tbody></table></div>`;
}

function Contract({ path }) {
  const { value, error } = useLoaded(contractPath(path));
  const [words, look] = useState("");
  const above = html`<a href=${to("contracts")}>Contracts</a>`;
  if (error) return html`<${Title} words=${path} above=${above} /><${Failure} error=${error} />`;
  if (!value) return html`<${Title} words=${path} above=${above} /><p class="loading">reading the contract…</p>`;
  const wanted = words.trim().toLowerCase();
  const found = value.entities.filter((each) => !wanted || `${each.name} ${each.fields.map((field) => field.name).join(" ")}`.toLowerCase().includes(wanted));
  return html`<${Title} words=${path} above=${above}><p class="meta"><span>${value.contract.kind}</span><span>provided by ${value.contract.owner || "several"}</span><span>${value.consumers.length ? `needed by ${value.consumers.join(", ")}` : "no consumer known"}</span></p>
      ${value.contract.copies.length > 0 && html`<p class="dim small">copies: ${value.contract.copies.join(", ")}</p>`}<//>
    ${value.unreadable && html`<p class="warn">${value.unreadable}</p>`}
    <${Section} name="Entities" count=${value.entities.length}>${value.entities.length > 8 && html`<p class="tools"><label class="search"><span class="sr">Find an entity or a field</span><input type="search" placeholder="Find an entity or a field" value=${words} onInput=${(e) => look(e.target.value)} /></label></p>`}
      ${found.length ? html`<ul class="rows card">${found.slice(0, MOST).map((each) => html`<${Entity} key=${each.pointer} entity=${each} />`)}</ul>` : html`<${Empty}>${wanted ? "Nothing in it is called that." : "hive reads no entities in it."}<//>`}
      ${found.length > MOST && html`<p class="dim">${found.length - MOST} more: look for one by its name</p>`}<//>
    ${value.operations.length > 0 && html`<${Section} name="Operations" count=${value.operations.length}><${Operations} operations=${value.operations} /><//>`}`;
}

function All() {
  const { value, error } = useLoaded("/api/v1/project");
  if (error) return html`<${Title} words="Contracts" /><${Failure} error=${error} />`;
  if (!value) return html`<${Title} words="Contracts" /><p class="loading">reading the project…</p>`;
  return html`<${Title} words="Contracts"><p class="dim">${plural(value.contracts.length, "contract")}</p><//>
    ${value.contracts.length ? html`<ul class="rows card">${value.contracts.map(({ contract, consumers }) => html`<li key=${contract.path}><a class="row contract" data-row href=${to("contracts", contract.path)}>
      <span class="name">${contract.path}</span><span class="dim">${contract.kind}</span><span class="dim clip">${contract.owner ? `of ${contract.owner}` : "shared"}, ${consumers.length ? `needed by ${consumers.join(", ")}` : "no consumer known"}</span>
      ${contract.copies.length > 0 && html`<span class="facts small"><span>${plural(contract.copies.length, "copy", "copies")}</span></span>`}</a></li>`)}</ul>` : html`<${Empty}>No contract was found.<//>`}`;
}

export const Contracts = ({ path }) => (path === undefined ? html`<${All} />` : html`<${Contract} key=${path} path=${path} />`);

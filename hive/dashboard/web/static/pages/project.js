// The project: services, contracts with their consumers, and who needs whom.
import { html } from "../base.js";
import { Graph } from "../graph.js";
import { Empty, Failure, Section, Title, useLoaded } from "../parts.js";
import { to } from "../router.js";
import { plural } from "../words.js";

export function Project() {
  const { value, error } = useLoaded("/api/v1/project");
  if (error) return html`<${Title} words="Project" /><${Failure} error=${error} />`;
  if (!value) return html`<${Title} words="Project" /><p class="loading">reading the project…</p>`;
  const { services, edges, event_edges: events } = value.graph;
  return html`<${Title} words=${value.name}><p class="dim">${plural(services.length, "service")}, ${plural(value.contracts.length, "contract")} ·
      ${value.engine ? ` engine: process ${value.engine}` : " no engine at work"}</p><//>
    <${Section} name="Who needs whom"><${Graph} services=${services.map((s) => ({ service: s.name, note: s.language }))} edges=${edges} events=${events} /><//>
    <${Section} name="Contracts" count=${value.contracts.length}>${value.contracts.length ? html`<div class="scroll" tabindex="0" role="region" aria-label="contracts"><table><thead><tr><th>contract</th><th>kind</th><th>owner</th><th>consumers</th></tr></thead>
      <tbody>${value.contracts.map(({ contract, consumers }) => html`<tr key=${contract.path}><td><a href=${to("contracts", contract.path)}><code>${contract.path}</code></a>${contract.copies.length > 0 && html`<br /><span class="dim small">${plural(contract.copies.length, "copy", "copies")}</span>`}</td><td>${contract.kind}</td><td>${contract.owner || "shared"}</td><td>${consumers.join(", ") || html`<span class="dim">none known</span>`}</td></tr>`)}</tbody></table></div>` : html`<${Empty}>No contract was found.<//>`}<//>
    <${Section} name="Services" count=${services.length}><div class="scroll" tabindex="0" role="region" aria-label="services"><table><thead><tr><th>service</th><th>language</th><th>folder</th><th>tests</th></tr></thead>
      <tbody>${services.map((s) => html`<tr key=${s.name}><td>${s.name}</td><td>${s.language}</td><td><code>${s.path}</code></td><td>${s.test ? html`<code>${s.test}</code>` : html`<span class="warn">none: its work stays unverified</span>`}</td></tr>`)}</tbody></table></div><//>`;
}

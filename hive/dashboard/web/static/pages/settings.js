// What this browser may change of itself, and how hive is set up here, to read.
import { html, useState } from "../base.js";
import { me } from "../api.js";
import { DENSITIES, THEMES, density, dress, space, theme } from "../appearance.js";
import { split, toggleSplit } from "../diff.js";
import { allow, supported, wanted } from "../notify.js";
import { Failure, Section, Title, useLoaded } from "../parts.js";

const Choice = ({ name, words, values, now, set }) => html`<fieldset><legend>${words}</legend>${values.map((value) => html`<label key=${value}><input type="radio" name=${name} checked=${now === value} onChange=${() => set(value)} /> ${value}</label>`)}</fieldset>`;

function Notifications() {
  const [told, tell] = useState("");
  const change = async (event) => {
    const box = event.target;
    const agreed = await allow(box.checked);
    tell(box.checked && !agreed ? "This browser does not allow it: change that for this site in the browser's own settings." : "");
    box.checked = agreed;
  };
  return html`<fieldset><legend>Notifications</legend>
    <label><input type="checkbox" disabled=${!supported} checked=${wanted.value} onChange=${change} /> tell me when something begins to need me, while this page is open behind others</label>
    ${told && html`<p class="warn" role="status">${told}</p>`}</fieldset>`;
}

export function Settings() {
  const { value, error } = useLoaded("/api/v1/choices");
  return html`<${Title} words="Settings" />
    <${Section} name="In this browser"><div class="card form"><${Choice} name="theme" words="Colours" values=${THEMES} now=${theme.value} set=${dress} />
      <${Choice} name="density" words="Density" values=${DENSITIES} now=${density.value} set=${space} />
      <fieldset><legend>Diffs</legend><label><input type="checkbox" checked=${split.value} onChange=${toggleSplit} /> old and new side by side, where there is room</label></fieldset>
      <${Notifications} /></div><//>
    <${Section} name="You"><p class="card pad">${me.value.name}, ${me.value.role} of ${me.value.project}</p><//>
    <${Section} name="Of hive here"><p class="dim">Read from the settings of whoever runs hive; a browser cannot change them. <code>hive.toml</code>, the user's <code>config.toml</code> and <code>HIVE_…</code> variables can.</p>
      ${error && html`<${Failure} error=${error} />`}
      ${value && html`<div class="scroll" tabindex="0" role="region" aria-label="settings of hive"><table><thead><tr><th scope="col">setting</th><th scope="col">value</th></tr></thead><tbody>${Object.entries(value.settings).map(([name, told]) => html`<tr key=${name}><th scope="row"><code>${name}</code></th><td>${told || html`<span class="dim">not set</span>`}</td></tr>`)}</tbody></table></div>
        <h3>Agents</h3><ul class="rows card">${value.agents.map((agent) => html`<li key=${agent.name} class="pad agent"><b>${agent.name}</b><span>${agent.description}</span>${agent.missing ? html`<span class="warn">not here: ${agent.missing}</span>` : html`<span class="good">ready</span>`}</li>`)}</ul>`}<//>`;
}

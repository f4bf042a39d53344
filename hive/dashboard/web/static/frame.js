// What surrounds every page: where one is, how fresh it is, and the keys.
import { html, signal, useEffect, useRef, useState } from "./base.js";
import { may, me } from "./api.js";
import { known, step, useKeys } from "./keys.js";
import { Notice } from "./parts.js";
import { go, route, to } from "./router.js";
import { link, waiting } from "./store.js";

const helping = signal(false);

const PLACES = [["inbox", "Needs you"], ["runs", "Runs"], ["queue", "Queue"], ["contracts", "Contracts"], ["project", "Project"], ["settings", "Settings"]];

function Freshness() {
  const [, tick] = useState(0);
  const { state, since, retry } = link.value;
  useEffect(() => {
    if (state === "live") return undefined;
    const timer = setInterval(() => tick((n) => n + 1), 500);
    return () => clearInterval(timer);
  }, [state]);
  if (state === "live") return html`<span class="fresh good" role="status"><span aria-hidden="true">●</span> live</span>`;
  if (state === "connecting") return html`<span class="fresh dim" role="status">connecting…</span>`;
  const seconds = Math.max(0, Math.ceil((retry - Date.now()) / 1000));
  return html`<span class="fresh warn" role="status"><span aria-hidden="true">○</span>
    ${` not live since ${new Date(since).toLocaleTimeString()}`}<span aria-hidden="true">${seconds ? `, again in ${seconds} s` : ", trying"}</span></span>`;
}

function Help() {
  const dialog = useRef(null);
  useEffect(() => { if (helping.value) dialog.current?.showModal(); }, [helping.value]);
  if (!helping.value) return null;
  const seen = new Map(known.value.map((each) => [each.key, each.words]));
  return html`<dialog ref=${dialog} class="help" aria-labelledby="help" onClose=${() => { helping.value = false; }}>
    <h2 id="help">Keys</h2>
    <dl>${[...seen].map(([key, words]) => html`<div key=${key}><dt>${key.split(" ").map((k) => html`<kbd>${k}</kbd>`)}</dt><dd>${words}</dd></div>`)}</dl>
    <p class="small"><a href=${to("settings")} onClick=${() => dialog.current.close()}>Colours, density and notifications</a></p>
    <p class="dim small">${me.value.name} is ${me.value.role} of ${me.value.project}</p>
    <button onClick=${() => dialog.current.close()}>Close</button></dialog>`;
}

export function Frame({ children }) {
  const here = route.value[0] || "inbox";
  const count = waiting.value;
  useKeys([
    ["j", "next row", () => step(1)], ["k", "previous row", () => step(-1)],
    ...PLACES.map(([name, words]) => [`g ${name[0]}`, `go to ${words.toLowerCase()}`, () => go(name)]),
    may("operator") && ["n", "start a run", () => go("start")],
    ["?", "keys", () => { helping.value = true; }],
  ], [me.value?.role]);
  const page = useRef(null);
  const nav = useRef(null);
  useEffect(() => {
    const shown = nav.current.querySelector("[aria-current]");
    if (shown) nav.current.scrollLeft = shown.offsetLeft - nav.current.offsetLeft - (nav.current.clientWidth - shown.offsetWidth) / 2;
  }, [here]);
  return html`<a class="skip" href="#page" onClick=${(e) => { e.preventDefault(); page.current.focus(); }}>Skip to the page</a>
    <header class="bar">
      <a class="brand" href=${to("inbox")} aria-label="hive, what needs you"><img src="/static/icon.svg" alt="" width="22" height="22" /><b>hive</b><span class="dim project">${me.value.project}</span></a>
      <nav aria-label="pages" ref=${nav}>${PLACES.map(([name, words]) => html`<a key=${name} href=${to(name)}
        aria-current=${here === name ? "page" : undefined}>${words}${name === "inbox" && count > 0 && html`<span class="badge">${count}</span>`}</a>`)}</nav>
      <div class="right"><${Freshness} />
        ${may("operator") && html`<a class="button primary" href=${to("start")}>New run</a>`}
        <button class="quiet round" aria-label="Keys" onClick=${() => { helping.value = true; }}>?</button></div>
    </header>
    <${Notice} />
    <main id="page" tabindex="-1" ref=${page} class=${link.value.state === "away" ? "stale" : ""}>${children}</main>
    <${Help} />`;
}

// Small parts that several pages are made of.
import { html, memo, signal, useEffect, useRef, useState } from "./base.js";
import { get } from "./api.js";
import { listening } from "./store.js";
import { Mark, element, plural, sign, tone } from "./words.js";

export const notice = signal(null);

export function tell(error) {
  notice.value = { text: error.message, next: error.next || "" };
}

export const Notice = () => notice.value && html`
  <div class="notice" role="alert">
    <p><strong>${notice.value.text}</strong>${notice.value.next && html`<span> Next: ${notice.value.next}</span>`}</p>
    <button class="quiet" onClick=${() => { notice.value = null; }}>Dismiss</button>
  </div>`;

// Loads a path, again whenever `watched` changes; what was there stays until the new one is.
export function useLoaded(path, watched = []) {
  const [loaded, set] = useState({ value: null, error: null });
  const [again, reload] = useState(0);
  useEffect(() => {
    let mine = true;
    listening().then(() => get(path)).then(
      (value) => mine && set({ value, error: null, path }),
      (error) => mine && set((old) => ({ value: old.path === path ? old.value : null, error, path })),
    );
    return () => { mine = false; };
  }, [path, again, ...watched]);
  return { ...loaded, reload: () => reload((n) => n + 1) };
}

// A button that does one thing at a time and says so when it did not work.
export function Act({ deed, children, kind = "", disabled = false, title, hint }) {
  const [busy, set] = useState(false);
  const click = async () => {
    set(true);
    try { await deed(); notice.value = null; } catch (error) { tell(error); } finally { set(false); }
  };
  return html`<button class=${kind} disabled=${disabled || busy} title=${title} aria-keyshortcuts=${hint} onClick=${click}>
    ${children}${hint && html`<kbd>${hint}</kbd>`}</button>`;
}

export const Failure = ({ error }) => html`
  <div class="empty" role="alert"><p><strong>${error.message}</strong></p><p class="dim">${error.next}</p></div>`;

export const Empty = ({ children }) => html`<div class="empty"><p>${children}</p></div>`;

export function Title({ words, above, children }) {
  const head = useRef(null);
  useEffect(() => {
    document.title = `${words} · hive`;
    head.current?.focus({ preventScroll: true });
  }, [words]);
  return html`<header class="title">${above && html`<p class="above">${above}</p>`}
    <h1 tabindex="-1" ref=${head}>${words}</h1>${children}</header>`;
}

export const Section = ({ name, count, children, id }) => html`
  <section aria-labelledby=${id || name}><h2 id=${id || name}>${name}
    ${count !== undefined && html`<span class="count">${count}</span>`}</h2>${children}</section>`;

const Signs = memo(({ phases }) => html`<span class="marks" aria-hidden="true">${phases.split(" ").filter(Boolean).map(
  (phase, n) => html`<span key=${n} class="sign ${tone(phase)} ${phase}">${sign(phase)}</span>`)}</span>`);
export const Marks = ({ tasks }) => html`<${Signs} phases=${tasks.slice(0, 80).map((task) => task.phase).join(" ")} />`;

export const Tests = ({ task }) => task.outcome === null ? null : html`
  <span class="tests"><span class="sr">tests: </span>${task.passed === null && task.failed === null
    ? html`<${Mark} of=${task.outcome} />`
    : html`<span class=${tone(task.outcome)}>✓${task.passed || 0}</span>${task.failed
      ? html` <span class="bad">✗${task.failed}</span>` : ""}${task.skipped ? html` <span class="warn">-${task.skipped}</span>` : ""}`}</span>`;

export const Lines = ({ task }) => task.diff === null ? null : html`
  <span class="lines">${task.files ? html`<span class="good">+${task.added}</span> <span class=${task.removed ? "bad" : "dim"}>-${task.removed}</span>
    <span class="dim">${plural(task.files, "file")}</span>` : html`<span class="dim">no changes</span>`}</span>`;

const SIGNS = { added: "+", removed: "−", changed: "~" };

// The contract change, element by element: what, how grave, who carries it.
export function Delta({ changes }) {
  const [all, show] = useState(false);
  const shown = all ? changes : changes.slice(0, 40);
  return html`<ul class="delta">${shown.map((change, n) => {
    const { path, named } = element(change);
    return html`<li key=${n} class=${change.kind}>
      <span class="kind" aria-label=${change.kind}>${SIGNS[change.kind]}</span>
      <div><p class="what"><code>${named}</code> <${Mark} of=${change.severity} /></p>
        <p>${change.message}</p>
        <p class="dim small"><span class="path">${path}</span> · ${change.direction === "none" ? "" : `${change.direction} · `}${change.rule}</p>
        ${change.affected.length > 0 && html`<ul class="chips" aria-label="operations that carry it">${change.affected.slice(0, 12).map(
          (each) => html`<li key=${each}>${each}</li>`)}${change.affected.length > 12 && html`<li>${change.affected.length - 12} more</li>`}</ul>`}
      </div></li>`;
  })}</ul>${!all && changes.length > 40 && html`<button class="quiet" onClick=${() => show(true)}>Show all ${changes.length}</button>`}`;
}

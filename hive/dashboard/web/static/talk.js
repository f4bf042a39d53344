// Talking with agents: what they ask, what they propose, what they tell each other, and words to one that works.
import { html, useState } from "./base.js";
import { may, post, proposalPath, runPath } from "./api.js";
import { Window } from "./diff.js";
import { Act, Delta, Failure, useLoaded } from "./parts.js";
import { to } from "./router.js";
import { learn } from "./store.js";
import { Mark, plural } from "./words.js";

const say = async (run, service, message) => learn(await post(`${runPath(run)}/say`, { service, message }));

// One question of an agent: its options as buttons, or a line for any words.
export function Question({ run, service, asked, named = false }) {
  const [words, set] = useState("");
  const answer = (text) => () => say(run, service, { message: "answer", id: asked.id, text });
  const submit = (event) => { event.preventDefault(); event.currentTarget.querySelector("button").click(); };
  return html`<div class="question" role="group" aria-label=${`${service} asks`}>
    <p><${Mark} of="asks" word=${asked.about === "permission" ? "asks for permission" : "asks"} /> ${named && html`<a href=${to("runs", run, service)}>${service}</a>`}</p>
    <p class="asked">${asked.text}</p>
    ${!may("operator") ? html`<p class="dim small">Only an operator answers.</p>` : asked.options.length
      ? html`<p class="deeds">${asked.options.map((option) => html`<${Act} key=${option} deed=${answer(option)}>${option}<//>`)}</p>`
      : html`<form class="say" onSubmit=${submit}><label><span class="sr">${`answer to ${service}`}</span><input maxlength="4000" autocomplete="off" placeholder="Your answer" value=${words} onInput=${(e) => set(e.target.value)} /></label><${Act} kind="primary" disabled=${!words.trim()} deed=${answer(words.trim())}>Answer<//></form>`}</div>`;
}

export const Questions = ({ run, tasks, named }) => tasks.flatMap((task) => task.asked.map((asked) => html`<${Question} key=${`${task.service}/${asked.id}`} run=${run} service=${task.service} asked=${asked} named=${named} />`));

// Words to an agent while it works; it gets them at once, where its tool can, else before its next step.
export function Say({ run, service }) {
  const [words, set] = useState("");
  const send = async () => { await say(run, service, { message: "words", text: words.trim() }); set(""); };
  const press = (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && words.trim()) event.currentTarget.closest(".say").querySelector("button").click(); };
  return html`<div class="say"><label>Say to ${service} while it works<textarea rows="2" maxlength="20000" value=${words} data-say onKeyDown=${press} onInput=${(e) => set(e.target.value)}></textarea></label>
    <${Act} kind="primary" disabled=${!words.trim()} deed=${send}>Say<//></div>`;
}

export const Interrupt = ({ run, service }) => html`<${Act} title="it stops what it is doing, and its session can go on" deed=${() => say(run, service, { message: "interrupt" })}>Interrupt<//>`;

const STANDS = { open: ["review", "waits for you"], approved: ["working", "approved, its commit is to come"], made: ["approved", "made"], rejected: ["rejected", "rejected"] };

// A proposal of another contract: how grave, why, what it would change; approved or rejected on the spot.
export function Proposal({ run, number }) {
  const { value, error, reload } = useLoaded(proposalPath(run, number));
  const [why, set] = useState("");
  const [text, show] = useState(false);
  if (error) return html`<${Failure} error=${error} />`;
  if (!value) return html`<p class="loading">reading proposal ${number}…</p>`;
  const decide = (approved) => async () => {
    learn(await post(`${runPath(run)}/decide`, { proposal: number, approved, reason: why.trim() }));
    reload();
  };
  const [state, words] = STANDS[value.status];
  return html`<div class="proposal pad" role="group" aria-label=${`proposal ${number}`}>
    <p class="meta"><${Mark} of=${state} word=${words} /><b>proposal ${number}</b><a href=${to("runs", run, value.author)}>${value.author}</a><code>${value.path}</code><${Mark} of=${value.severity} /></p>
    <p>${value.reason}</p>
    ${value.services.length > 0 && html`<p class="dim small">work of ${value.services.join(", ")} would be done again on it</p>`}
    ${value.decided_by && html`<p class="dim small">${value.status} by ${value.decided_by}${value.decided_reason ? `: ${value.decided_reason}` : ""}</p>`}
    ${value.changes.length > 0 && html`<${Delta} changes=${value.changes} />`}
    <p><button class="quiet" aria-expanded=${text} onClick=${() => show(!text)}>${text ? "Hide" : "Show"} the diff of the contract</button></p>
    ${text && html`<${Window} files=${value.files} label=${`proposal ${number}`} />`}
    ${value.status === "open" && (may("operator") ? html`<label class="why">Why? <span class="dim">its agent is told</span><input maxlength="4000" autocomplete="off" value=${why} onInput=${(e) => set(e.target.value)} /></label>
      <p class="deeds"><${Act} kind="primary" deed=${decide(true)}>Approve proposal ${number}<//><${Act} kind="danger" deed=${decide(false)}>Reject proposal ${number}<//></p>` : html`<p class="dim small">Only an operator decides.</p>`)}</div>`;
}

export const Notes = ({ notes }) => notes.length > 0 && html`<ul class="notes card pad" aria-label="notes between agents">${notes.slice(-50).map((note) => html`<li key=${note.seq}><b>${note.author}</b> <span class="dim">to ${note.to || "everybody"}:</span> ${note.text}</li>`)}
  ${notes.length > 50 && html`<li class="dim">${plural(notes.length - 50, "earlier note")}</li>`}</ul>`;

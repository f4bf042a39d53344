// Remarks of a review: written here, kept back as drafts or sent together, one turn for each service.
import { html, useRef, useState } from "./base.js";
import { may, post, runPath } from "./api.js";
import { Act } from "./parts.js";
import { learn } from "./store.js";
import { element, plural } from "./words.js";

const lines = (of) => (of.line ? `:${of.line}${of.end_line && of.end_line !== of.line ? `-${of.end_line}` : ""}` : "");
export const placeOf = (of) => of.element || (of.path ? `${of.path}${lines(of)}` : "");
const same = (a, b) => a.service === b.service && placeOf(a) === placeOf(b);

// Remarks on `service`, or on whichever service a file or an element belongs to.
export function useRemarks(run, service) {
  const [written, set] = useState([]);
  const [words, setWords] = useState("");
  const box = useRef(null);
  const add = (remark) => {
    if (!written.some((each) => same(each, remark))) set([...written, { text: "", ...remark }]);
    setTimeout(() => [...document.querySelectorAll("[data-draft]")].at(-1)?.focus(), 30);
  };
  const remarks = () => {
    const said = written.filter((each) => each.text.trim()).map((each) => ({ ...each, text: each.text.trim() }));
    return words.trim() && service ? [...said, { service, text: words.trim() }] : said;
  };
  const clear = () => { set([]); setWords(""); };
  const post_ = (draft) => async () => { learn(await post(`${runPath(run)}/comment`, { remarks: remarks(), draft })); clear(); };
  return {
    written, set, words, setWords, box, add, clear, keep: post_(true), send: post_(false),
    ready: Boolean((service && words.trim()) || written.some((each) => each.text.trim())),
    remark: (file, line, end) => add({ service: file.service ?? service, path: file.path, line, end_line: end }),
  };
}

export function Remarks({ review, service, changes = [], children }) {
  const { written, set, words, setWords, box, add } = review;
  return html`<div class="remarks card pad">
    ${written.map((each, n) => html`<div key=${`${each.service}${placeOf(each)}${n}`} class="draft"><label><code class="clip">${service ? "" : `${each.service}: `}${placeOf(each)}</code>
      <textarea rows="2" maxlength="4000" value=${each.text} data-draft onInput=${(e) => set(written.map((one, i) => (i === n ? { ...one, text: e.target.value } : one)))}></textarea></label>
      <button class="quiet" aria-label=${`remove the remark on ${placeOf(each)}`} onClick=${() => set(written.filter((_, i) => i !== n))}>Remove</button></div>`)}
    ${service && html`<label>What should change, or why is it rejected?<textarea ref=${box} rows="2" maxlength="4000" value=${words} onInput=${(e) => setWords(e.target.value)} placeholder="Click a line's number to remark on it, with Shift a second one for all lines between"></textarea></label>`}
    ${service && changes.length > 0 && html`<label class="about">Remark on a contract element <select value="" onChange=${(e) => { if (e.target.value) add({ service, element: e.target.value }); e.target.value = ""; }}>
      <option value="">choose one</option>${changes.slice(0, 200).map((change) => html`<option key=${change.element} value=${change.element}>${element(change).named}</option>`)}</select></label>`}
    ${!service && !written.length && html`<p class="dim">Click a line's number to remark on it.</p>`}
    <p class="deeds"><${Act} kind="primary" disabled=${!review.ready} deed=${review.send}>Send back<//><${Act} disabled=${!review.ready} title="submitted with your other drafts, in one turn for each service" deed=${review.keep}>Keep as draft<//>${children}</p></div>`;
}

const STANDS = { taken: "the agent is at it", claimed: "done, says the agent", unanswered: "the agent could not follow it" };

export function Said({ comment, resolve, named = false }) {
  const where = placeOf(comment);
  return html`<li class=${comment.status === "unanswered" ? "warn" : ""}>${named ? html`<b>${comment.service}</b> ` : ""}${comment.by}: ${where && html`<code>${where}</code> `}${comment.vanished && html`<span class="dim">(these lines are gone) </span>`}${comment.text}
    <span class="dim"> ${STANDS[comment.status] || comment.status}</span>
    ${resolve && comment.status !== "resolved" && html` <${Act} kind="quiet" deed=${() => resolve(comment)}>${comment.status === "draft" ? "Take back" : "Resolve"}<//>`}</li>`;
}

// All comments of a run: open ones first, resolved ones folded away.
export function Comments({ comments, resolve, named }) {
  const open = comments.filter((each) => each.status !== "resolved");
  const done = comments.filter((each) => each.status === "resolved");
  if (!comments.length) return null;
  return html`<div class="concerns card pad"><ul aria-label="comments">${open.map((each) => html`<${Said} key=${each.id} comment=${each} resolve=${resolve} named=${named} />`)}</ul>
    ${done.length > 0 && html`<details><summary>${plural(done.length, "resolved comment")}</summary><ul>${done.map((each) => html`<${Said} key=${each.id} comment=${each} named=${named} />`)}</ul></details>`}</div>`;
}

export function Submit({ run, comments, me }) {
  const mine = comments.filter((each) => each.status === "draft" && each.by === me);
  if (!mine.length || !may("reviewer")) return null;
  return html`<p class="submit card pad"><span>You keep back ${plural(mine.length, "draft")}.</span> <${Act} kind="primary" deed=${async () => learn(await post(`${runPath(run)}/submit`))}>Submit ${plural(mine.length, "draft")}<//></p>`;
}

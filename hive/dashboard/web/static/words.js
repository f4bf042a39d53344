// Marks, and facts in words: the same ones as in the terminal.
import { html } from "./base.js";

const MARKS = {
  waiting: ["·", "dim"], preparing: ["○", "busy"], working: ["●", "busy"], collecting: ["●", "busy"],
  checking: ["◐", "busy"], ready: ["?", "warn"], stuck: ["!", "bad"], approved: ["✓", "good"],
  rejected: ["✗", "bad"], stopped: ["■", "warn"], planned: ["?", "warn"], review: ["?", "warn"],
  landing: ["◐", "busy"], requested: ["⇡", "warn"], landed: ["✓", "good"], discarded: ["■", "dim"], refused: ["✗", "bad"], failed: ["✗", "bad"],
  passed: ["✓", "good"], unverified: ["?", "warn"], timed_out: ["✗", "bad"], environment: ["?", "warn"],
  compatible: ["✓", "good"], dangerous: ["!", "warn"], breaking: ["✗", "bad"], unknown: ["?", "warn"],
  asks: ["?", "warn"], held: ["■", "warn"], failing: ["✗", "bad"], budget: ["■", "warn"], paused: ["■", "warn"],
  merging: ["◐", "busy"], testing: ["◐", "busy"], running: ["◐", "busy"], untouched: ["·", "dim"],
};
const SPOKEN = { timed_out: "timed out", environment: "could not run" };

export const tone = (state) => (MARKS[state] || ["·", "dim"])[1];
export const sign = (state) => (MARKS[state] || ["·", "dim"])[0];
export const spoken = (state) => SPOKEN[state] || state;

export const Mark = ({ of, word, turn }) => html`
  <span class="mark ${tone(of)}"><span class="sign ${of}" aria-hidden="true">${sign(of)}</span>
    <span class="word">${word ?? spoken(of)}${turn > 1 && html` <span class="dim small">turn ${turn}</span>`}</span></span>`;

export const plural = (count, noun, nouns = `${noun}s`) => `${count} ${count === 1 ? noun : nouns}`;
export const short = (id) => (id || "").slice(0, 10);
export const money = (usd) => (usd > 0 && usd < 0.01 ? "<$0.01" : `$${usd.toFixed(2)}`);

export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const [hours, minutes, rest] = parts.map((part) => String(part).padStart(2, "0"));
  return parts[0] ? `${parts[0]}:${minutes}:${rest}` : `${parts[1]}:${rest}`;
}

export function ago(text, now = Date.now()) {
  const minutes = Math.round((now - Date.parse(text)) / 60000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h ago`;
  return `${Math.round(minutes / 1440)} days ago`;
}

export function counted(evidence) {
  const words = [["passed", evidence.passed], ["failed", evidence.failed], ["skipped", evidence.skipped]];
  return words.filter(([word, n]) => n || (n === 0 && word === "passed")).map(([word, n]) => `${n} ${word}`).join(", ");
}

// `users.openapi.yaml#/components/schemas/User/properties/points` is read as `User.points`.
const CONTAINERS = new Set(["", "components", "schemas", "properties", "definitions", "$defs"]);
export function element(change) {
  const [path, pointer = ""] = change.element.split("#");
  const named = pointer.split("/").filter((each) => !CONTAINERS.has(each)).join(".");
  return { path, named: named || path };
}

export function reported(report) {
  switch (report.report) {
    case "said": return { kind: "said", text: report.text };
    case "thought": return { kind: "thought", text: report.text };
    case "tool_called": return { kind: "tool", text: `${report.tool}: ${report.summary}` };
    case "tool_returned": return report.outcome === "ok" ? null : { kind: "bad", text: `${report.tool} ${report.outcome}: ${report.summary}` };
    case "ran": return { kind: "tool", text: `$ ${report.command}${report.exit_code === null ? "" : ` (exit ${report.exit_code})`}` };
    case "planned": return { kind: "thought", text: `${report.steps.filter((s) => s.status === "done").length} of ${plural(report.steps.length, "step")} done` };
    case "asked": return { kind: "bad", text: `asks: ${report.text}${report.options.length ? ` (${report.options.join(" / ")})` : ""}` };
    case "answered": return { kind: "tool", text: `is answered: ${report.answer}` };
    case "delayed": return { kind: "bad", text: `waits for ${report.reason} until ${new Date(report.until).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false })}` };
    case "file_edited": return { kind: "edit", text: `edited ${report.path}${report.line ? `:${report.line}` : ""} ${report.summary}` };
    case "unplaced": return { kind: "bad", text: `not placed: ${report.path}${report.line ? `:${report.line}` : ""}: ${report.reason}` };
    default: return null;
  }
}

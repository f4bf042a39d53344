// One keyboard for all pages: a page says which keys it knows, the help lists them.
import { signal, useEffect } from "./base.js";

export const known = signal([]);
let prefix = "";
let forget = 0;

const busyElsewhere = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") document.activeElement?.blur?.();
  if (busyElsewhere(event.target) || document.querySelector("dialog[open]")) return;
  const whole = prefix ? `${prefix} ${event.key}` : event.key;
  prefix = "";
  const found = known.value.findLast((each) => each.key === whole);
  if (found) {
    event.preventDefault();
    found.act(event);
  } else if (known.value.some((each) => each.key.startsWith(`${event.key} `))) {
    prefix = event.key;
    clearTimeout(forget);
    forget = setTimeout(() => { prefix = ""; }, 1200);
  }
});

// `bindings` is a list of [key, words, act]; they hold while the component is on the page.
export function useKeys(bindings, watched) {
  useEffect(() => {
    const mine = bindings.filter(Boolean).map(([key, words, act]) => ({ key, words, act }));
    known.value = [...known.value, ...mine];
    return () => { known.value = known.value.filter((each) => !mine.includes(each)); };
  }, watched);
}

export function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const at = rows.indexOf(document.activeElement.closest("[data-row]"));
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

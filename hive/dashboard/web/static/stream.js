// What an agent says and does, as it comes; it scrolls along unless somebody reads further up.
import { html, useEffect, useLayoutEffect, useRef, useState } from "./base.js";
import { listen } from "./store.js";
import { Empty } from "./parts.js";
import { reported } from "./words.js";

const MOST = 1000;
let counter = 0;

const told = (reports) => reports.map(reported).filter((each) => each && each.text).map((each) => ({ ...each, key: (counter += 1) }));

export function useStream(id, service, detail) {
  const [lines, set] = useState([]);
  const begun = useRef(false);
  useEffect(() => {
    if (!detail || begun.current) return;
    begun.current = true;
    set(told(detail.reports));
  }, [detail]);
  useEffect(() => listen(id, service, (events) => {
    if (!events) { begun.current = false; return; }
    const more = told(events.filter((each) => each.event.kind === "agent_reported").map((each) => each.event.report));
    if (more.length) set((old) => [...old, ...more].slice(-MOST));
  }), [id, service]);
  return lines;
}

export function Stream({ lines, working }) {
  const box = useRef(null);
  const following = useRef(true);
  useLayoutEffect(() => { if (following.current && box.current) box.current.scrollTop = box.current.scrollHeight; }, [lines]);
  if (!lines.length) return html`<${Empty}>${working ? "Its agent has said nothing yet." : "Its agent said nothing."}<//>`;
  const scroll = ({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => { following.current = scrollTop + clientHeight > scrollHeight - 30; };
  return html`<div class="stream" ref=${box} tabindex="0" role="log" aria-label="what the agent says and does" onScroll=${scroll}>
    ${lines.map((line) => html`<p key=${line.key} class=${line.kind}>${line.text}</p>`)}</div>`;
}

// What an agent says and does, as it comes; it scrolls along unless somebody reads further up.
import { html, memo, useEffect, useLayoutEffect, useRef, useState } from "./base.js";
import { listen } from "./store.js";
import { Empty } from "./parts.js";
import { reported } from "./words.js";

const MOST = 20;
const BLOCK = 50;
let counter = 0;

const told = (reports) => reports.map(reported).filter((each) => each && each.text).map((each) => ({ ...each, key: (counter += 1) }));

// Lines are kept in blocks: a block that is full never changes again, and the oldest one goes as a whole.
function added(blocks, lines) {
  const found = [...blocks];
  for (let n = 0; n < lines.length;) {
    const last = found.at(-1);
    if (!last || last.lines.length >= BLOCK) found.push({ key: lines[n].key, lines: [] });
    const { key, lines: there } = found.pop();
    const more = lines.slice(n, n + BLOCK - there.length);
    found.push({ key, lines: [...there, ...more] });
    n += more.length;
  }
  return found.slice(-MOST);
}

export function useStream(id, service, detail) {
  const [blocks, set] = useState([]);
  const begun = useRef(false);
  const early = useRef([]);
  useEffect(() => {
    if (!detail || begun.current) return;
    begun.current = true;
    const late = early.current.filter(({ seq }) => seq > detail.seq).map(({ event }) => event.report);
    set(added([], told([...detail.reports, ...late])));
    early.current = [];
  }, [detail]);
  useEffect(() => listen(id, service, (events) => {
    if (!events) { begun.current = false; early.current = []; return; }
    const reports = events.filter((each) => each.event.kind === "agent_reported");
    if (!begun.current) early.current = [...early.current, ...reports].slice(-MOST * BLOCK);
    const more = told(reports.map((each) => each.event.report));
    if (more.length) set((old) => added(old, more));
  }), [id, service]);
  return blocks;
}

const Line = memo(({ line }) => html`<p class=${line.kind}>${line.text}</p>`);
const Block = memo(({ lines }) => html`<div class="block">${lines.map((line) => html`<${Line} key=${line.key} line=${line} />`)}</div>`);

export function Stream({ blocks, working }) {
  const box = useRef(null);
  const following = useRef(true);
  useLayoutEffect(() => { if (following.current && box.current) box.current.scrollTop = box.current.scrollHeight; }, [blocks]);
  if (!blocks.length) return html`<${Empty}>${working ? "Its agent has said nothing yet." : "Its agent said nothing."}<//>`;
  const scroll = ({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => { following.current = scrollTop + clientHeight > scrollHeight - 30; };
  return html`<div class="stream" ref=${box} tabindex="0" role="log" aria-label="what the agent says and does" onScroll=${scroll}>
    ${blocks.map((block) => html`<${Block} key=${block.key} lines=${block.lines} />`)}</div>`;
}

// The service graph: states on nodes, contracts on edges.
import { html, memo, useEffect, useMemo, useRef, useState } from "./base.js";
import { columns } from "./layers.js";
import { Empty } from "./parts.js";
import { sign, spoken, tone } from "./words.js";

const WIDE = 164;
const HIGH = 44;
const GAP_X = 136;
const GAP_Y = 16;
const EDGE = 10;
const THREAD = 12;
const LABELLED = 14;
const ASIDE = 9;

const tall = (name) => (name[0] === "\0" ? THREAD : HIGH);

function layout(names, edges) {
  const { layers, threads } = columns(names, edges);
  const heights = layers.map((layer) => layer.reduce((sum, name) => sum + tall(name) + GAP_Y, -GAP_Y));
  const tallest = Math.max(HIGH, ...heights);
  const place = new Map();
  layers.forEach((layer, n) => {
    let y = EDGE + (tallest - heights[n]) / 2;
    layer.forEach((name) => {
      place.set(name, { x: EDGE + n * (WIDE + GAP_X), y });
      y += tall(name) + GAP_Y;
    });
  });
  return { place, threads, width: EDGE * 2 + layers.length * (WIDE + GAP_X) - GAP_X, height: EDGE * 2 + tallest };
}

const bent = (x1, y1, x2, y2) => {
  const bend = Math.max(GAP_X / 2, (x2 - x1) / 2);
  return `C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
};

function curve(from, to, points) {
  const [y1, y2] = [from.y + HIGH / 2, to.y + HIGH / 2];
  const out = from.x + WIDE;
  if (from.x === to.x) return { d: `M${out} ${y1}C${out + 46} ${y1} ${out + 46} ${y2} ${out + 5} ${y2}`, x: out + 36, y: (y1 + y2) / 2 };
  if (to.x < from.x) return { d: `M${from.x} ${y1}C${from.x - 52} ${y1} ${to.x + WIDE + 52} ${y2} ${to.x + WIDE + 5} ${y2}`, x: (from.x + to.x + WIDE) / 2, y: (y1 + y2) / 2 };
  let d = `M${out} ${y1}`;
  let [x, y] = [out, y1];
  for (const point of points) {
    const middle = point.y + THREAD / 2;
    d += `${bent(x, y, point.x, middle)}L${point.x + WIDE} ${middle}`;
    [x, y] = [point.x + WIDE, middle];
  }
  return { d: d + bent(x, y, to.x - 5, y2), x: (x + to.x) / 2, y: (y + y2) / 2 };
}

const base = (path) => (path || "").split("/").pop().replace(/\.(ya?ml|json|proto|avsc|graphql)$/, "");
const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

function merged(edges, events, place) {
  const found = new Map();
  const add = (edge, event) => {
    if (!place.has(edge.source) || !place.has(edge.target) || edge.source === edge.target) return;
    const key = `${edge.source} ${edge.target} ${event}`;
    const known = found.get(key) || { ...edge, event, contracts: new Set() };
    if (edge.contract) known.contracts.add(base(edge.contract));
    found.set(key, known);
  };
  edges.forEach((edge) => add(edge, false));
  events.forEach((edge) => add(edge, true));
  return [...found.values()];
}

// `services` are {service, phase?, note?}; `href` says where a node leads.
export const Graph = memo(({ services, edges, events, href }) => {
  const [lit, light] = useState(null);
  const box = useRef(null);
  const key = services.map((each) => each.service).join("\n");
  const { place, threads, width, height, lines } = useMemo(() => {
    const names = services.map((each) => each.service);
    const inside = [...edges, ...events].filter(({ source, target }) => names.includes(source) && names.includes(target));
    const laid = layout(names, inside);
    return { ...laid, lines: merged(edges, events, laid.place) };
  }, [key, edges, events]);
  const named = lines.length <= LABELLED;
  useEffect(() => { if (box.current) box.current.scrollTop = (box.current.scrollHeight - box.current.clientHeight) / 2; }, [key]);
  const drawn = lines.map((line) => {
    const aside = line.event && lines.some((other) => !other.event && other.source === line.source && other.target === line.target) ? ASIDE : 0;
    const [from, to] = [line.source, line.target].map((name) => ({ x: place.get(name).x, y: place.get(name).y + aside }));
    const threaded = (threads.get(`${line.source} ${line.target}`) || []).map((each) => ({ x: place.get(each).x, y: place.get(each).y + aside }));
    return { line, ...curve(from, to, threaded), label: [...line.contracts].join(", "), mine: lit && (line.source === lit || line.target === lit) };
  });
  const words = lines.map((l) => `${l.source} ${l.event ? "is heard by" : "calls"} ${l.target}${l.contracts.size ? ` (${[...l.contracts].join(", ")})` : ""}`);
  if (!services.length) return html`<${Empty}>There are no services.<//>`;
  return html`<figure class="graph"><div class="scroll" ref=${box} tabindex="0" role="region" aria-label="service graph">
    <svg style=${{ maxWidth: `${width}px`, minWidth: `${Math.min(width, Math.max(560, width * 0.62))}px` }} viewBox="0 0 ${width} ${height}" role="group" aria-label="services and who needs whom">
      <defs><marker id="head" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0.500 8 4 0 7.500z" class="arrow" /></marker></defs>
      ${drawn.map(({ line, d, label, mine }) => html`<g key=${`${line.source} ${line.target} ${line.event}`} class="edge ${line.event ? "event" : ""} ${mine ? "lit" : ""} ${lit && !mine ? "faded" : ""}">
          <path d=${d} marker-end="url(#head)" /><title>${label || (line.event ? "event" : "call")}</title></g>`)}
      ${drawn.map(({ line, x, y, label, mine }) => label && (named || mine) && html`<g key=${`${line.source} ${line.target} ${line.event}`} class="edge ${mine ? "lit" : ""} ${lit && !mine ? "faded" : ""}"><text x=${x} y=${y - 6} text-anchor="middle">${cut(label, 15)}</text></g>`)}
      ${services.map(({ service, phase, note }) => {
        const { x, y } = place.get(service);
        const state = phase || "untouched";
        const inner = html`<rect x=${x} y=${y} width=${WIDE} height=${HIGH} rx="8" /><rect class="side" x=${x} y=${y + 8} width="4" height=${HIGH - 16} rx="2" />
          <text class="name" x=${x + 16} y=${y + 19}>${cut(service, 20)}</text>
          <text class="state" x=${x + 16} y=${y + 35}>${phase ? `${sign(state)} ${spoken(state)}` : ""}${note ? `${phase ? " · " : ""}${cut(note, 14)}` : ""}</text>`;
        const events_ = { onMouseEnter: () => light(service), onMouseLeave: () => light(null), onFocusIn: () => light(service), onFocusOut: () => light(null) };
        return href ? html`<a key=${service} class="node ${tone(state)}" href=${href(service)} aria-label=${`${service}: ${phase ? spoken(state) : "not touched"}`} ...${events_}>${inner}</a>`
          : html`<g key=${service} class="node ${tone(state)}" ...${events_}><title>${service}</title>${inner}</g>`;
      })}
    </svg></div>
    <figcaption class="dim small"><span class="key">── calls</span> <span class="key">┄┄ hears events of</span></figcaption>
    ${words.length > 0 && html`<details class="small"><summary>The same in words</summary><ul>${words.map((each) => html`<li key=${each}>${each}</li>`)}</ul></details>`}</figure>`;
});

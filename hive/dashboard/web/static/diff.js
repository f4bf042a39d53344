// A diff, unified or side by side, of any length: only what is on the screen is drawn.
import { html, memo, signal, useEffect, useLatest, useMemo, useRef, useState } from "./base.js";
import { diffPath } from "./api.js";
import { Empty, Failure, useLoaded } from "./parts.js";
import { longest, offsets, rowAt, rowsOf } from "./rows.js";
import { coloured } from "./syntax.js";
import { plural } from "./words.js";

const MARGIN = 600;
const STEP = 200;
const WIDE = matchMedia("(min-width: 900px)");
export const split = signal(localStorage.getItem("hive.split") === "yes");
export const toggleSplit = () => {
  split.value = !split.value;
  localStorage.setItem("hive.split", split.value ? "yes" : "no");
};

const Code = ({ text, path }) => coloured(text, path).map(([kind, piece], n) => (kind ? html`<span key=${n} class=${kind}>${piece}</span>` : piece));
const SIGN = { add: "+", del: "−", same: " ", meta: " " };

const Number = ({ line, side, file, remark }) => {
  const shown = line?.[side];
  if (!shown) return html`<span class="no"></span>`;
  const mine = side === "new" || line.kind === "del";
  if (!remark || !mine) return html`<span class="no">${shown}</span>`;
  return html`<button class="no" tabindex="-1" aria-label=${`remark on line ${shown}`} onClick=${(event) => remark(file, shown, event.shiftKey)}>${shown}</button>`;
};

const Half = ({ line, side, path, file, remark }) => html`<span class="half ${line ? line.kind : "none"}"><${Number} line=${line} side=${side} file=${file} remark=${remark} />
  <span class="code">${line && html`<${Code} text=${line.text} path=${path} />`}</span></span>`;

const STANDS = { taken: "the agent is at it", claimed: "done, says the agent", unanswered: "the agent could not follow it" };

const Row = memo(({ row, current, marked, remark, seen, toggle }) => {
  const here = `${current ? " here" : ""}${marked ? " marked" : ""}`;
  if (row.type === "file") {
    const { file } = row;
    const added = file.hunks.reduce((n, h) => n + h.lines.filter((l) => l[0] === "+").length, 0);
    const removed = file.hunks.reduce((n, h) => n + h.lines.filter((l) => l[0] === "-").length, 0);
    const whole = `${file.service === undefined ? "" : `${file.service ?? "contract"}: `}${file.old_path ? `${file.old_path} → ` : ""}${file.path}`;
    const cut = whole.lastIndexOf("/") + 1;
    return html`<div class="d-file${here}"><span class="d-name"><span class="path" title=${file.path}><span class="clip">${whole.slice(0, cut)}</span><span class="clip">${whole.slice(cut)}</span></span>
      <span class="small">${file.status !== "modified" && html`<span class="dim">${file.status} </span>`}<span class="good">+${added}</span> <span class=${removed ? "bad" : "dim"}>-${removed}</span></span></span>
      <span class="file-deeds">${remark && file.service !== null && html`<button class="quiet small" aria-label=${`remark on the file ${file.path}`} onClick=${() => remark(file, null)}>Remark</button>`}
      ${toggle && html`${seen(file) === "changed" && html`<span class="warn small">changed since you looked</span>`}<label class="small"><input type="checkbox" checked=${seen(file) === true} onChange=${() => toggle(file)} /> viewed</label>`}</span></div>`;
  }
  if (row.type === "hunk") return html`<div class="d-hunk">${row.text}</div>`;
  if (row.type === "note") return html`<div class="d-note dim">${row.text}</div>`;
  if (row.type === "said") {
    const { comment } = row;
    return html`<div class="d-said ${comment.status === "unanswered" ? "warn" : ""}" title=${comment.text}><b>${comment.by}</b>: ${comment.text} <span class="dim">(${STANDS[comment.status] || comment.status})</span></div>`;
  }
  if (row.type === "pair") return html`<div class="d-pair${here}"><${Half} line=${row.left} side="old" path=${row.path} file=${row.file} remark=${remark} /><${Half} line=${row.right} side="new" path=${row.path} file=${row.file} remark=${remark} /></div>`;
  const { line, path, file } = row;
  return html`<div class="d-line ${line.kind}${here}"><${Number} line=${line} side="old" file=${file} remark=${remark} /><${Number} line=${line} side="new" file=${file} remark=${remark} />
    <span class="sign" aria-hidden="true">${SIGN[line.kind]}</span><span class="code"><${Code} text=${line.text} path=${path} /></span></div>`;
});

const lineOf = (row) => (row.type === "pair" ? row.right || row.left : row.line);

const NONE = [];
const never = () => false;

// `remark(file, line, end)` begins a remark: on a line, on several up to `end`, or without a line on the file.
export const Window = memo(({ files, remark: begin, seen = never, toggle, folded = never, comments = NONE, label = "diff" }) => {
  const [view, look] = useState({ top: 0, height: 900 });
  const [cursor, move] = useState(-1);
  const [anchor, mark] = useState(null);
  const [wide, widen] = useState(WIDE.matches);
  const box = useRef(null);
  // Drawn anew once for every STEP of the way, not at every frame: MARGIN is there already.
  const scrolled = ({ scrollTop, scrollLeft, clientHeight: height, style }) => {
    style.setProperty("--along", `${-scrollLeft}px`);
    const top = scrollTop - (scrollTop % STEP);
    look((old) => (old.top === top && old.height === height ? old : { top, height }));
  };
  const both = split.value && wide;
  const rows = useMemo(() => rowsOf(files, both, folded, comments), [files, both, folded, comments]);
  const starts = useMemo(() => offsets(rows), [rows]);
  const columns = useMemo(() => longest(files), [files]);
  useEffect(() => {
    const measure = () => { widen(WIDE.matches); if (box.current) scrolled(box.current); };
    measure();
    addEventListener("resize", measure);
    return () => removeEventListener("resize", measure);
  }, []);
  const first = rowAt(starts, view.top - MARGIN);
  const last = Math.min(rows.length, rowAt(starts, view.top + view.height + MARGIN) + 1);
  const current = Math.min(cursor, rows.length - 1);
  const onLine = useLatest((file, line, ranged) => {
    const from = ranged && line && anchor?.file === file ? anchor.line : line;
    begin(file, line && Math.min(from, line), from !== line ? Math.max(from, line) : null);
    mark(line ? { file, line } : null);
  });
  const remark = begin && onLine;
  const at = () => rows[current] && lineOf(rows[current]) && { file: rows[current].file, line: lineOf(rows[current]).new || lineOf(rows[current]).old };
  const seek = (by, wanted) => {
    let next = current + by;
    while (rows[next] && !wanted(rows[next])) next += by;
    if (!rows[next]) return;
    move(next);
    const { scrollTop, clientHeight } = box.current;
    if (starts[next] < scrollTop + 60 || starts[next] > scrollTop + clientHeight - 60) box.current.scrollTop = starts[next] - clientHeight / 3;
  };
  const keys = {
    j: () => seek(1, lineOf), k: () => seek(-1, lineOf), "]": () => seek(1, (row) => row.type === "file"), "[": () => seek(-1, (row) => row.type === "file"),
    v: () => { const row = rows.slice(0, current + 1).findLast((each) => each.type === "file"); if (row && toggle) toggle(row.file); },
    c: () => { const here = at(); if (here && remark) remark(here.file, here.line, anchor?.pinned); },
    s: () => { const here = at(); if (here && remark) mark({ ...here, pinned: true }); },
    f: () => { const row = rows.slice(0, current + 1).findLast((each) => each.type === "file"); if (row && remark && row.file.service !== null) remark(row.file, null); },
  };
  const press = (event) => {
    if (event.target.closest("input") && event.key !== "v") return;
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  };
  const high = { height: `${Math.min(starts[rows.length] + 18, Math.max(300, Math.round(innerHeight * 0.7)))}px` };
  const isMarked = (row) => Boolean(anchor?.pinned && row.file === anchor.file && lineOf(row) && (lineOf(row).new || lineOf(row).old) === anchor.line);
  return html`<div class="diff ${both ? "split" : ""}" style=${high} ref=${box} tabindex="0" role="region" aria-label="${label}; j and k move${begin ? ", c remarks on a line, s begins a range, f remarks on the file" : ""}${toggle ? ", v marks a file as viewed" : ""}" onKeyDown=${press}
    onScroll=${(event) => scrolled(event.currentTarget)}>
    <div class="d-all" style=${{ height: `${starts[rows.length]}px`, minWidth: both ? `calc(50cqi + ${columns + 8}ch)` : `${columns + 16}ch` }}>
      <div class="d-part" style=${{ top: `${starts[first]}px` }}>${rows.slice(first, last).map((row, n) => html`<${Row} key=${first + n} row=${row} current=${first + n === current} marked=${isMarked(row)} remark=${remark} seen=${seen} toggle=${toggle} />`)}</div></div></div>`;
});

// FNV-1a: tells a file's text from another one, for marks that nothing depends on.
function printOf(file) {
  let hash = 0x811c9dc5;
  for (const text of file.hunks.flatMap((hunk) => hunk.lines)) {
    for (let n = 0; n < text.length; n += 1) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193);
    hash = Math.imul(hash ^ 10, 0x01000193);
  }
  return (hash >>> 0).toString(36);
}

// Which files somebody has viewed is kept in their browser, each with what it was then.
function useViewed(run, service) {
  const key = `hive.viewed.${run}.${service}`;
  const [prints, set] = useState({});
  useEffect(() => {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key) || "null"); } catch { kept = null; }
    set(kept?.prints || {});
  }, [key]);
  const seen = useMemo(() => {
    const known = new Map();
    return (file) => {
      if (!Object.hasOwn(prints, file.path)) return false;
      if (!known.has(file)) known.set(file, printOf(file));
      return prints[file.path] === known.get(file) ? true : "changed";
    };
  }, [prints]);
  const toggle = useLatest((file) => {
    const next = { ...prints };
    if (seen(file) === true) delete next[file.path];
    else next[file.path] = printOf(file);
    localStorage.setItem(key, JSON.stringify({ prints: next }));
    set(next);
  });
  return { seen, toggle };
}

// With `old`, a version of the work, only what has changed since.
export function Diff({ run, service, watched, remark, onLoad, old, comments, tools }) {
  const { value, error } = useLoaded(diffPath(run, service, old), watched);
  const { seen, toggle } = useViewed(run, service);
  const folded = useMemo(() => (file) => !old && seen(file) === true, [seen, old]);
  useEffect(() => { if (value) onLoad?.(value); }, [value]);
  if (error) return html`<${Failure} error=${error} />`;
  if (!value) return html`<p class="loading">reading the diff…</p>`;
  const viewed = value.files.filter((file) => seen(file) === true).length;
  return html`<div class="d-tools"><span class="dim small">${plural(value.files.length, "file")}${old ? " changed since you looked" : service === null ? "" : `, ${viewed} viewed`}${value.cut ? "; too long, the end is left out" : ""}</span>
      <span>${tools}<button class="quiet only-wide" aria-pressed=${split.value} onClick=${toggleSplit}>Side by side<kbd>u</kbd></button></span></div>
    ${value.files.length ? html`<${Window} files=${value.files} remark=${remark} seen=${seen} folded=${folded} toggle=${service === null || old ? null : toggle} comments=${comments} />` : html`<${Empty}>No difference.<//>`}`;
}

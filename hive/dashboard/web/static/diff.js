// A diff, unified or side by side, of any length: only what is on the screen is drawn.
import { html, signal, useEffect, useMemo, useRef, useState } from "./base.js";
import { diffPath } from "./api.js";
import { Empty, Failure, useLoaded } from "./parts.js";
import { longest, offsets, rowAt, rowsOf } from "./rows.js";
import { coloured } from "./syntax.js";
import { plural } from "./words.js";

const MARGIN = 400;
const WIDE = matchMedia("(min-width: 900px)");
export const split = signal(localStorage.getItem("hive.split") === "yes");
export const toggleSplit = () => {
  split.value = !split.value;
  localStorage.setItem("hive.split", split.value ? "yes" : "no");
};

const Code = ({ text, path }) => coloured(text, path).map(([kind, piece], n) => (kind ? html`<span key=${n} class=${kind}>${piece}</span>` : piece));
const SIGN = { add: "+", del: "−", same: " ", meta: " " };

const Number = ({ line, side, path, remark }) => {
  const shown = line?.[side];
  if (!shown) return html`<span class="no"></span>`;
  const mine = side === "new" || line.kind === "del";
  if (!remark || !mine) return html`<span class="no">${shown}</span>`;
  return html`<button class="no" tabindex="-1" aria-label=${`remark on line ${shown}`} onClick=${() => remark(path, shown)}>${shown}</button>`;
};

const Half = ({ line, side, path, remark }) => html`<span class="half ${line ? line.kind : "none"}"><${Number} line=${line} side=${side} path=${path} remark=${remark} />
  <span class="code">${line && html`<${Code} text=${line.text} path=${path} />`}</span></span>`;

function Row({ row, current, remark, seen, toggle }) {
  const here = current ? " here" : "";
  if (row.type === "file") {
    const { file } = row;
    const added = file.hunks.reduce((n, h) => n + h.lines.filter((l) => l[0] === "+").length, 0);
    const removed = file.hunks.reduce((n, h) => n + h.lines.filter((l) => l[0] === "-").length, 0);
    return html`<div class="d-file${here}"><span class="path clip" title=${file.path}>${file.old_path ? `${file.old_path} → ` : ""}${file.path}</span>
      <span class="small">${file.status !== "modified" && html`<span class="dim">${file.status} </span>`}<span class="good">+${added}</span> <span class=${removed ? "bad" : "dim"}>-${removed}</span></span>
      ${toggle && html`<label class="small"><input type="checkbox" checked=${seen(file)} onChange=${() => toggle(file)} /> viewed</label>`}</div>`;
  }
  if (row.type === "hunk") return html`<div class="d-hunk">${row.text}</div>`;
  if (row.type === "note") return html`<div class="d-note dim">${row.text}</div>`;
  if (row.type === "pair") return html`<div class="d-pair${here}"><${Half} line=${row.left} side="old" path=${row.path} remark=${remark} /><${Half} line=${row.right} side="new" path=${row.path} remark=${remark} /></div>`;
  const { line, path } = row;
  return html`<div class="d-line ${line.kind}${here}"><${Number} line=${line} side="old" path=${path} remark=${remark} /><${Number} line=${line} side="new" path=${path} remark=${remark} />
    <span class="sign" aria-hidden="true">${SIGN[line.kind]}</span><span class="code"><${Code} text=${line.text} path=${path} /></span></div>`;
}

const lineOf = (row) => (row.type === "pair" ? row.right || row.left : row.line);

function Window({ files, remark, seen, toggle, folded }) {
  const [view, look] = useState({ top: 0, height: 900 });
  const [cursor, move] = useState(-1);
  const [wide, widen] = useState(WIDE.matches);
  const box = useRef(null);
  const both = split.value && wide;
  const rows = useMemo(() => rowsOf(files, both, folded), [files, both, folded]);
  const starts = useMemo(() => offsets(rows), [rows]);
  const columns = useMemo(() => longest(files), [files]);
  useEffect(() => {
    const measure = () => { widen(WIDE.matches); if (box.current) look({ top: box.current.scrollTop, height: box.current.clientHeight }); };
    measure();
    addEventListener("resize", measure);
    return () => removeEventListener("resize", measure);
  }, []);
  const first = rowAt(starts, view.top - MARGIN);
  const last = Math.min(rows.length, rowAt(starts, view.top + view.height + MARGIN) + 1);
  const current = Math.min(cursor, rows.length - 1);
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
    c: () => { const line = rows[current] && lineOf(rows[current]); if (line && remark) remark(rows[current].path, line.new || line.old); },
  };
  const press = (event) => {
    if (event.target.closest("input") && event.key !== "v") return;
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  };
  return html`<div class="diff ${both ? "split" : ""}" ref=${box} tabindex="0" role="region" aria-label="diff; j and k move, c remarks on a line, v marks a file as viewed" onKeyDown=${press}
    onScroll=${(event) => look({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}>
    <div class="d-all" style=${{ height: `${starts[rows.length]}px`, minWidth: `${(both ? 2 : 1) * columns + (both ? 14 : 16)}ch` }}>
      <div class="d-part" style=${{ transform: `translateY(${starts[first]}px)` }}>${rows.slice(first, last).map((row, n) => html`<${Row} key=${first + n} row=${row} current=${first + n === current} remark=${remark} seen=${seen} toggle=${toggle} />`)}</div></div></div>`;
}

// Which files somebody has viewed is kept in their browser, and only for exactly this diff.
function useViewed(run, service, digest) {
  const key = `hive.viewed.${run}.${service}`;
  const read = () => { try { const kept = JSON.parse(localStorage.getItem(key)); return kept?.digest === digest ? kept.paths : []; } catch { return []; } };
  const [paths, set] = useState(read);
  useEffect(() => set(read()), [digest]);
  const toggle = (file) => {
    const next = paths.includes(file.path) ? paths.filter((each) => each !== file.path) : [...paths, file.path];
    localStorage.setItem(key, JSON.stringify({ digest, paths: next }));
    set(next);
  };
  return { paths, toggle };
}

export function Diff({ run, service, watched, remark, onLoad }) {
  const { value, error } = useLoaded(diffPath(run, service), watched);
  const { paths, toggle } = useViewed(run, service, value?.digest);
  const seen = useMemo(() => (file) => paths.includes(file.path), [paths]);
  useEffect(() => { if (value) onLoad?.(value); }, [value]);
  if (error) return html`<${Failure} error=${error} />`;
  if (!value) return html`<p class="loading">reading the diff…</p>`;
  if (!value.files.length) return html`<${Empty}>No difference.<//>`;
  return html`<div class="d-tools"><span class="dim small">${plural(value.files.length, "file")}${service === null ? "" : `, ${paths.length} viewed`}${value.cut ? "; too long, the end is left out" : ""}</span>
      <button class="quiet only-wide" aria-pressed=${split.value} onClick=${toggleSplit}>Side by side<kbd>u</kbd></button></div>
    <${Window} files=${value.files} remark=${remark} seen=${seen} folded=${seen} toggle=${service === null ? null : toggle} />`;
}

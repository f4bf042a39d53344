// A diff as rows of known height, so that only those on the screen need to be drawn. Pure.
export const LINE = 20;
const HEIGHT = { file: 44, hunk: 26, note: 34, said: 34, line: LINE, pair: LINE };

function numbered(hunk) {
  let { old, new: now } = hunk;
  return hunk.lines.map((line) => {
    const kind = line[0] === "+" ? "add" : line[0] === "-" ? "del" : line[0] === "\\" ? "meta" : "same";
    const row = { kind, text: kind === "meta" ? line : line.slice(1), old: null, new: null };
    if (kind === "del" || kind === "same") row.old = old++;
    if (kind === "add" || kind === "same") row.new = now++;
    return row;
  });
}

// Deleted lines stand beside the added ones that follow them.
function paired(lines) {
  const pairs = [];
  for (let n = 0; n < lines.length;) {
    if (lines[n].kind !== "del" && lines[n].kind !== "add") {
      pairs.push([lines[n], lines[n]]);
      n += 1;
      continue;
    }
    const gone = [];
    const come = [];
    while (n < lines.length && lines[n].kind === "del") gone.push(lines[n++]);
    while (n < lines.length && lines[n].kind === "add") come.push(lines[n++]);
    for (let i = 0; i < Math.max(gone.length, come.length); i += 1) pairs.push([gone[i] || null, come[i] || null]);
  }
  return pairs;
}

// `comments` are shown below the lines that they are about: their last one, where they are about several.
export function rowsOf(files, split, folded, comments = []) {
  const rows = [];
  const below = (file, line) => comments.forEach((comment) => {
    const mine = comment.path === file.path && (file.service === undefined || comment.service === file.service);
    if (mine && comment.now && line?.new && comment.now + (comment.end_line ? comment.end_line - comment.line : 0) === line.new) rows.push({ type: "said", comment });
  });
  files.forEach((file, index) => {
    rows.push({ type: "file", file, index });
    if (folded(file)) return;
    comments.filter((each) => each.path === file.path && !each.line && (file.service === undefined || each.service === file.service)).forEach((comment) => rows.push({ type: "said", comment }));
    if (!file.hunks.length) rows.push({ type: "note", text: file.note || "no lines changed" });
    for (const hunk of file.hunks) {
      rows.push({ type: "hunk", text: `@@ ${hunk.old} → ${hunk.new} ${hunk.heading}` });
      const lines = numbered(hunk);
      if (split) {
        for (const [left, right] of paired(lines)) {
          rows.push({ type: "pair", left, right, path: file.path, file });
          below(file, right);
        }
      } else {
        for (const line of lines) {
          rows.push({ type: "line", line, path: file.path, file });
          below(file, line);
        }
      }
    }
  });
  return rows;
}

// Where each row begins; one more for the end.
export function offsets(rows) {
  const found = new Float64Array(rows.length + 1);
  rows.forEach((row, n) => { found[n + 1] = found[n] + HEIGHT[row.type]; });
  return found;
}

// The last row that begins at or above `y`.
export function rowAt(starts, y) {
  let low = 0;
  let high = starts.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= y) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

const MOST_COLUMNS = 10_000;
const columnsOf = (line) => (line.includes("\t") ? line.replaceAll("\t", "    ").length : line.length);

export const longest = (files) => Math.min(MOST_COLUMNS, files.reduce((most, file) => file.hunks.reduce(
  (m, hunk) => hunk.lines.reduce((n, line) => Math.max(n, columnsOf(line)), m), most), 40));

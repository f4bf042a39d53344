// Colours for one line of code: comments, strings, numbers, words of the language. Pure; wrong only in colour.
const HASH = new Set(["py", "rb", "sh", "yaml", "yml", "toml", "ini", "cfg", "conf", "tf", "mk", "ex"]);
const DASH = new Set(["sql", "lua", "hs"]);
const NONE = new Set(["md", "txt", "lock", "csv", "svg", "html", "xml"]);
const WORDS = "abstract and as async await bool boolean break case catch class const continue def default del delete do elif else enum except export extends false final finally float for from func function go if implements import in int interface is lambda let map message new nil None not null number object of optional or package pass private protected public raise record repeated required return rpc self service static str string struct super switch table this throw true True False try type union var void while with yield select insert into values create alter add column not update set where join on primary key references";
const KEYWORDS = new Set(WORDS.split(" "));
const LONGEST = 400;
const TOKEN = {
  hash: /(#.*$)|("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)|(\b\d[\w.]*\b)|([A-Za-z_]\w*)/g,
  slash: /(\/\/.*$|\/\*.*?(?:\*\/|$)|^\s*\*.*$)|("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|`(?:[^`\\]|\\.)*`?)|(\b\d[\w.]*\b)|([A-Za-z_]\w*)/g,
  dash: /(--.*$)|('(?:[^'\\]|\\.)*'?|"(?:[^"\\]|\\.)*"?)|(\b\d[\w.]*\b)|([A-Za-z_]\w*)/g,
};

function family(path) {
  const end = path.split(".").pop().toLowerCase();
  if (NONE.has(end)) return null;
  if (HASH.has(end) || /(^|\/)(Makefile|Dockerfile)$/.test(path)) return "hash";
  return DASH.has(end) ? "dash" : "slash";
}

// Pieces of the line as [class or null, text].
export function coloured(text, path) {
  const pattern = TOKEN[family(path)];
  if (!pattern || text.length > LONGEST) return [[null, text]];
  const pieces = [];
  let at = 0;
  for (const found of text.matchAll(pattern)) {
    const [whole, comment, string, number, word] = found;
    const kind = comment ? "comment" : string ? "string" : number ? "number" : KEYWORDS.has(word) ? "keyword" : null;
    if (!kind) continue;
    if (found.index > at) pieces.push([null, text.slice(at, found.index)]);
    pieces.push([kind, whole]);
    at = found.index + whole.length;
  }
  if (at < text.length) pieces.push([null, text.slice(at)]);
  return pieces;
}

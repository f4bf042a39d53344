// Where the nodes of a graph go: layers from callers to the called, few crossings. Pure.
const TALLEST = 12;
const MOST_THREADED = 80;

function ranks(names, edges) {
  const out = new Map(names.map((name) => [name, []]));
  edges.forEach(({ source, target }) => { if (source !== target && out.has(source) && out.has(target)) out.get(source).push(target); });
  const rank = new Map();
  const open = new Set();
  const visit = (name) => {
    if (rank.has(name)) return rank.get(name);
    open.add(name);
    const below = out.get(name).filter((next) => !open.has(next)).map(visit);
    open.delete(name);
    rank.set(name, below.length ? Math.max(...below) + 1 : 0);
    return rank.get(name);
  };
  names.forEach(visit);
  const top = Math.max(0, ...rank.values());
  return new Map(names.map((name) => [name, top - rank.get(name)]));
}

function untangle(layers, edges) {
  const near = new Map(layers.flat().map((name) => [name, []]));
  edges.forEach(({ source, target }) => { near.get(source)?.push(target); near.get(target)?.push(source); });
  for (let round = 0; round < 4; round += 1) {
    const place = new Map(layers.flatMap((layer) => layer.map((name, n) => [name, n / layer.length])));
    for (const layer of layers) {
      const weight = new Map(layer.map((name) => {
        const found = near.get(name).filter((each) => place.has(each));
        return [name, found.length ? found.reduce((sum, each) => sum + place.get(each), 0) / found.length : place.get(name)];
      }));
      layer.sort((a, b) => weight.get(a) - weight.get(b));
    }
  }
}

// Long edges get a place in each column that they cross, so that they pass between the nodes, not behind them.
function threaded(found, edges) {
  const at = new Map(found.flatMap((layer, n) => layer.map((name) => [name, n])));
  const threads = new Map();
  const short = [];
  for (const { source, target } of edges) {
    const [from, to] = [at.get(source), at.get(target)];
    if (threads.has(`${source} ${target}`)) continue;
    const points = [];
    for (let n = from + 1; n < to && edges.length <= MOST_THREADED; n += 1) {
      points.push(`\0${source} ${target} ${n}`);
      found[n].push(points.at(-1));
    }
    threads.set(`${source} ${target}`, points);
    const path = [source, ...points, target];
    for (let n = 1; n < path.length; n += 1) short.push({ source: path[n - 1], target: path[n] });
  }
  return { threads, short };
}

// Columns of names, callers first; who is in no edge comes last. Names that begin with NUL are points of threads.
export function columns(names, edges) {
  const linked = new Set(edges.flatMap(({ source, target }) => [source, target]));
  const inside = names.filter((name) => linked.has(name));
  const rank = ranks(inside, edges);
  const layers = [];
  inside.forEach((name) => { (layers[rank.get(name)] ||= []).push(name); });
  const found = layers.filter(Boolean).flatMap(parted);
  const { threads, short } = threaded(found, edges);
  untangle(found, short);
  return { layers: [...found, ...parted(names.filter((name) => !linked.has(name)))], threads };
}

function parted(layer) {
  const parts = Math.ceil(layer.length / TALLEST);
  const size = Math.ceil(layer.length / (parts || 1));
  return Array.from({ length: parts }, (_, n) => layer.slice(n * size, (n + 1) * size));
}

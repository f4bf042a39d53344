// What the server told, folded together: runs by id, the tail of events, and how fresh all of it is.
import { batch, computed, signal } from "./base.js";
import { drawn } from "./pace.js";

const BACKOFF = [250, 500, 1000, 2000, 5000, 10000];
const STALE_AFTER = 12000;
const PATIENCE = 1000;

export const order = signal([]);
export const link = signal({ state: "connecting", since: Date.now(), retry: 0 });
export const seq = signal(0);
const runs = new Map();
const unknown = signal(null);
const listeners = new Set();
let log = "";
let tries = 0;
let socket = null;
let heard = 0;

export const run = (id) => runs.get(id) || unknown;
export const all = computed(() => order.value.map((id) => runs.get(id).value));
export const needs = computed(() =>
  all.value.toReversed().flatMap((each) => each.needs.map((need) => ({ ...need, run: each }))),
);
export const waiting = computed(() => needs.value.length);

// Called with the events of a run, but for its agents' words (with them, of one service and of none, where one is named),
// until the returned function is called. Where only services of a run are listened to, its other ones stay as they were.
export function listen(id, service, told) {
  const entry = { id, service, told };
  listeners.add(entry);
  queueMicrotask(say);
  return () => { listeners.delete(entry); queueMicrotask(say); };
}

// Tells the server what the page is about, and that it can take more. It says when it tells events of something new.
let said = "";
let asked = 0;
let waiters = [];
const about = () => `[${[...new Set([...listeners].map(({ id, service }) => JSON.stringify([id, service])))].sort()}]`;
function say(more = false) {
  const now = about();
  if (socket?.readyState !== WebSocket.OPEN || (now === said && !more)) return;
  asked += now !== said;
  said = now;
  socket.send(said);
}

function answered() {
  asked = 0;
  waiters.forEach((deed) => deed());
  waiters = [];
}

// Once the server tells of what the page listens to: what is read then, and what comes, leave nothing out between them.
export async function listening() {
  say();
  if (asked) await Promise.race([new Promise((done) => { waiters.push(done); }), new Promise((done) => { setTimeout(done, PATIENCE); })]);
}

function put(view, whole) {
  const known = runs.get(view.run);
  if (!known) {
    runs.set(view.run, signal(view));
    order.value = [...order.value, view.run];
    return;
  }
  const changed = new Map(view.tasks.map((task) => [task.service, task]));
  const tasks = known.value.tasks.map((task) => changed.get(task.service) || task);
  const replaced = tasks.filter((task) => changed.get(task.service) === task).length;
  known.value = whole || tasks.length !== view.services || replaced !== changed.size ? view : { ...view, tasks };
}

export const learn = (view) => put(view, true);

function take(message) {
  if (message.type === "snapshot" || message.type === "resync") {
    log = message.log;
    const there = new Set(message.runs.map((view) => view.run));
    for (const id of [...runs.keys()].filter((each) => !there.has(each))) runs.delete(id);
    order.value = order.value.filter((id) => there.has(id));
    message.runs.forEach((view) => put(view, true));
    for (const { id, service, told } of listeners) told(null, id, service);
  } else if (message.type === "batch") {
    if (message.after !== seq.value) return socket?.close();
    message.runs.forEach((view) => put(view, false));
    for (const { id, service, told } of listeners) {
      const mine = message.events.filter((e) => e.run === id && (!service || !e.service || e.service === service));
      if (mine.length) told(mine);
    }
  }
  seq.value = message.seq;
  return undefined;
}

// The server sends the next message, with all that has happened meanwhile, when it hears that this one is drawn.
function receive(event) {
  heard = Date.now();
  tries = 0;
  if (link.value.state !== "live") link.value = { state: "live", since: heard, retry: 0 };
  const message = JSON.parse(event.data);
  if (message.type === "about") {
    if ((asked -= 1) === 0) answered();
    return;
  }
  try {
    batch(() => take(message));
  } finally {
    if (message.type !== "beat") drawn(() => say(true));
  }
}

export function connect() {
  clearTimeout(connect.timer);
  const where = new URL("/api/v1/live", location.href);
  where.protocol = where.protocol.replace("http", "ws");
  where.search = new URLSearchParams({ paced: true, ...(log && { after: seq.value, log }) });
  const mine = new WebSocket(where);
  socket = mine;
  mine.onopen = () => {
    if (mine !== socket) return;
    answered();
    said = "";
    say(true);
  };
  mine.onmessage = (event) => mine === socket && receive(event);
  mine.onclose = () => mine === socket && again();
}

function again() {
  const wait = BACKOFF[Math.min(tries++, BACKOFF.length - 1)] * (0.75 + Math.random() / 2);
  const since = link.value.state === "live" ? heard : link.value.since;
  link.value = { state: "away", since, retry: Date.now() + wait };
  connect.timer = setTimeout(connect, wait);
}

// A connection can be dead without anybody knowing, after sleep or behind a cable that was pulled.
export function watch() {
  setInterval(() => {
    if (link.value.state === "live" && Date.now() - heard > STALE_AFTER) socket.close();
  }, 2000);
  addEventListener("online", connect);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && link.value.state !== "live") connect();
  });
}

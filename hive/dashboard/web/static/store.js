// What the server told, folded together: runs by id, the tail of events, and how fresh all of it is.
import { batch, computed, signal } from "./base.js";

const BACKOFF = [250, 500, 1000, 2000, 5000, 10000];
const STALE_AFTER = 12000;
const HIDDEN_MS = 500;
const MOST_QUEUED = 200;
const SHARE = 6;
const LONGEST_PAUSE = 250;

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
let queued = [];
let drawing = false;
let rested = 0;

export const run = (id) => runs.get(id) || unknown;
export const all = computed(() => order.value.map((id) => runs.get(id).value));
export const needs = computed(() =>
  all.value.toReversed().flatMap((each) => each.needs.map((need) => ({ ...need, run: each }))),
);
export const waiting = computed(() => needs.value.length);

// Called with the events of a run (of one service and of none, where one is named), until the returned function is called.
export function listen(id, service, told) {
  const entry = { id, service, told };
  listeners.add(entry);
  return () => listeners.delete(entry);
}

function put(view, whole) {
  const known = runs.get(view.run);
  if (!known) {
    runs.set(view.run, signal(view));
    order.value = [...order.value, view.run];
  } else if (whole || view.tasks.length >= view.services) {
    known.value = view;
  } else {
    const changed = new Map(view.tasks.map((task) => [task.service, task]));
    known.value = { ...view, tasks: known.value.tasks.map((task) => changed.get(task.service) || task) };
  }
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

function draw() {
  drawing = false;
  const begun = performance.now();
  const messages = queued;
  queued = [];
  batch(() => messages.forEach(take));
  painted.postMessage(begun);
}

// Told after the frame has been made: a page that takes long to draw, or on a machine that has other things to do, draws
// less often, and keeps its time for whoever scrolls and types. What comes meanwhile is taken in at once then.
const { port1: painted, port2: after } = new MessageChannel();
after.onmessage = ({ data: begun }) => {
  const now = performance.now();
  rested = now + Math.min(LONGEST_PAUSE, SHARE * (now - begun));
};

function soon() {
  if (drawing) return;
  drawing = true;
  const pause = document.hidden ? HIDDEN_MS : rested - performance.now();
  if (document.hidden) setTimeout(draw, pause);
  else if (pause > 0) setTimeout(() => requestAnimationFrame(draw), pause);
  else requestAnimationFrame(draw);
}

function receive(event) {
  heard = Date.now();
  tries = 0;
  if (link.value.state !== "live") link.value = { state: "live", since: heard, retry: 0 };
  queued.push(JSON.parse(event.data));
  if (queued.length > MOST_QUEUED) draw();
  else soon();
}

export function connect() {
  clearTimeout(connect.timer);
  const where = new URL("/api/v1/live", location.href);
  where.protocol = where.protocol.replace("http", "ws");
  if (log) where.search = new URLSearchParams({ after: seq.value, log });
  const mine = new WebSocket(where);
  socket = mine;
  mine.onmessage = (event) => mine === socket && receive(event);
  mine.onclose = () => mine === socket && again();
}

function again() {
  queued = [];
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

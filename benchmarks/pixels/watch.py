"""What a page notes while it is watched: when messages came, when a mark was in its document and on the screen."""

from typing import NamedTuple

WATCH = r"""
(() => {
  if (window.hiveSeen) return;
  window.hiveSeen = [];
  window.hiveHeard = [];
  window.hiveFrames = 0;
  const now = () => performance.timeOrigin + performance.now();
  const known = new Set();
  let fresh = [];
  let inFrame = false;
  const raf = window.requestAnimationFrame.bind(window);
  const { port1, port2 } = new MessageChannel();
  const enter = () => {
    if (!inFrame) port2.postMessage(0);
    inFrame = true;
  };
  port1.onmessage = () => {
    const at = now();
    window.hiveFrames += 1;
    for (const [number, there] of fresh) window.hiveSeen.push([number, there, at]);
    fresh = [];
    inFrame = false;
  };
  window.requestAnimationFrame = (deed) => raf((time) => { enter(); deed(time); });
  const look = (text) => {
    for (const [, number] of text.matchAll(/mark-(\d+)-/g)) {
      if (known.has(number)) continue;
      known.add(number);
      if (!fresh.length && !inFrame) raf(enter);
      fresh.push([+number, now()]);
    }
  };
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "characterData") look(target.data);
      else addedNodes.forEach((node) => look(node.textContent));
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
  let asked = 0;
  window.WebSocket = class extends window.WebSocket {
    constructor(...told) {
      super(...told);
      this.addEventListener("message", ({ data }) => {
        const seq = /^.{0,60}?"seq":(\d+)/.exec(data);
        if (seq && !data.startsWith('{"type":"beat"')) window.hiveHeard.push([+seq[1], now(), asked]);
      });
    }
    send(said) {
      asked = now();
      super.send(said);
    }
  };
})();
"""
"""The first task after the animation frame that has the change runs once the page has painted it."""


class Seen(NamedTuple):
    """A mark by its event's number, and the Unix times, in ms, at which it was in the document and on the screen."""

    number: int
    there: float
    at: float


class Heard(NamedTuple):
    """A message by the last event that it tells, when it came, and when the page had asked for it."""

    seq: int
    at: float
    asked: float


def mark(number: int) -> str:
    """What an event carries so that a page knows it again."""
    return f"mark-{number}- services/users/model.py has a field more, and its tests say so"

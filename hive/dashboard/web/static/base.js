// The few names that every module draws with.
import { Component, h, options, render } from "./vendor/preact.mjs";
import htm from "./vendor/htm.mjs";
import { useRef } from "./vendor/hooks.mjs";

export { render };
export { useEffect, useLayoutEffect, useMemo, useRef, useState } from "./vendor/hooks.mjs";
export { batch, computed, effect, signal } from "./vendor/signals.mjs";

// What nobody sees is not drawn, but all of it at once as soon as somebody looks.
options.debounceRendering = (draw) => {
  if (document.hidden) document.addEventListener("visibilitychange", draw, { once: true });
  else queueMicrotask(draw);
};

// `this[0] = 3` tells htm to keep no element for the next time: a kept one would hold the page that it was first drawn
// on, and by what is memoized on that one every later one.
export const html = htm.bind(function fresh(...told) {
  this[0] = 3;
  return h(...told);
});

// Drawn again only when one of its properties is another one than before.
export const memo = (Inner) => class extends Component {
  shouldComponentUpdate(next) {
    return Object.keys({ ...this.props, ...next }).some((name) => next[name] !== this.props[name]);
  }

  render() {
    return h(Inner, this.props);
  }
};

// A function that is always the same one and does what the latest one does, for properties of what is memoized.
export function useLatest(deed) {
  const latest = useRef(deed);
  latest.current = deed;
  return useRef((...told) => latest.current(...told)).current;
}

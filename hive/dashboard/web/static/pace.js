// When a page takes the next message: once what the last one changed is on the screen, and after a rest of SHARE times
// as long as that usually takes. So a page that takes long to draw, or on a machine that has other things to do, draws
// less often, and keeps its time for whoever scrolls and types; what happens meanwhile comes as one.
const SHARE = 8;
const LONGEST = 160;
const NEWEST = 0.2;
const UNCHANGED = 40;
const HIDDEN = 1000;

const changes = new MutationObserver(() => {});
changes.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });

let usual = 8;
let next = null;
let timer = 0;

function go() {
  clearTimeout(timer);
  const deed = next;
  next = null;
  deed?.();
}

function soon(deed, wait) {
  clearTimeout(timer);
  next = deed;
  timer = setTimeout(go, wait);
}

const { port1: painted, port2: framed } = new MessageChannel();
painted.onmessage = go;
document.addEventListener("visibilitychange", go);

// To be called in the task that changed something; `deed` asks for more. A frame is waited for only where one comes: to
// ask for it would make one.
export function drawn(deed) {
  const begun = performance.now();
  const rest = () => {
    usual += NEWEST * (performance.now() - begun - usual);
    soon(deed, Math.min(LONGEST, SHARE * usual));
  };
  queueMicrotask(() => {
    if (document.hidden) soon(deed, HIDDEN);
    else if (changes.takeRecords().length) {
      soon(rest, HIDDEN);
      requestAnimationFrame(() => framed.postMessage(0));
    } else soon(deed, UNCHANGED);
  });
}

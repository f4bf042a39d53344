// A notification of this browser when something begins to need a person; only after they said so here.
import { effect, signal } from "./base.js";
import { me } from "./api.js";
import { to } from "./router.js";
import { link, needs } from "./store.js";

const LONGEST = 200;
export const supported = "Notification" in window;
const granted = () => supported && Notification.permission === "granted";
export const wanted = signal(localStorage.getItem("hive.notify") === "yes" && granted());

const keyOf = (need) => `${need.run.run}/${need.what}/${need.service || ""}/${need.text}`;
const cut = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

function tell(fresh) {
  const [first] = fresh;
  const title = fresh.length === 1 ? `${me.value.project}: ${first.service || first.run.request}` : `${me.value.project}: ${fresh.length} things need you`;
  const shown = new Notification(cut(title), { body: cut(fresh.map((need) => need.text).join("\n")), tag: "hive-needs", icon: "/static/icon.svg" });
  shown.onclick = () => { window.focus(); location.hash = fresh.length === 1 ? to("runs", first.run.run) : to("inbox"); shown.close(); };
}

export async function allow(yes) {
  const agreed = yes && supported && (await Notification.requestPermission()) === "granted";
  wanted.value = agreed;
  localStorage.setItem("hive.notify", agreed ? "yes" : "no");
  return agreed;
}

// What was there when the page came is no news; neither is what somebody sees as it happens.
export function watchNeeds() {
  let known = null;
  effect(() => {
    const now = needs.value;
    if (link.value.state !== "live") return;
    const fresh = known && now.filter((need) => !known.has(keyOf(need)));
    known = new Set(now.map(keyOf));
    if (fresh?.length && wanted.value && granted() && !document.hasFocus()) tell(fresh);
  });
}

// Addresses live behind the `#`: the server never sees them, and a link in a message opens the right place.
import { signal } from "./base.js";

const read = () => location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map((each) => {
  try { return decodeURIComponent(each); } catch { return each; }
});
export const route = signal(read());
addEventListener("hashchange", () => { route.value = read(); });

export const to = (...parts) => `#/${parts.map(encodeURIComponent).join("/")}`;
export const go = (...parts) => { location.hash = to(...parts); };

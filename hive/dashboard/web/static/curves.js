// Two curves of a run over time, each with its figures as a table for whoever cannot see it.
import { html, memo } from "./base.js";
import { duration, money, plural } from "./words.js";

const WIDE = 300;
const HIGH = 60;
const FLOOR = 56;
const MOST_ROWS = 40;

const thinned = (points) => points.filter((_, n) => n % Math.ceil(points.length / MOST_ROWS) === 0 || n === points.length - 1);

// A value holds until the next one: it is drawn in steps.
function stepped(points, most) {
  const [first, last] = [points[0][0], points.at(-1)[0]];
  const x = (time) => (((time - first) / Math.max(0.001, last - first)) * WIDE).toFixed(1);
  const y = (value) => (FLOOR - (value / most) * 50).toFixed(1);
  return points.map(([time, value], n) => (n ? `${x(time)},${y(points[n - 1][1])} ${x(time)},${y(value)}` : `${x(time)},${y(value)}`)).concat(`${WIDE},${y(points.at(-1)[1])}`).join(" ");
}

function Curve({ name, points, shown }) {
  if (points.length < 2) return null;
  const most = Math.max(...points.map((point) => point[1])) || 1;
  const path = stepped(points, most);
  const seconds = points.at(-1)[0] - points[0][0];
  return html`<figure class="curve"><figcaption>${name} <b>${shown(points.at(-1)[1])}</b></figcaption>
    <svg viewBox=${`0 0 ${WIDE} ${HIGH}`} preserveAspectRatio="none" role="img" aria-label=${`${name} over ${duration(seconds)}, at most ${shown(most)}, now ${shown(points.at(-1)[1])}`}>
      <polygon points=${`0,58 ${path} ${WIDE},58`} /><polyline points=${path} /></svg>
    <p class="axis dim small" aria-hidden="true"><span>0:00</span><span>${duration(seconds)}</span></p>
    <details class="small"><summary>The same as a table</summary><div class="scroll" tabindex="0" role="region" aria-label=${`${name} as a table`}><table><thead><tr><th scope="col">after</th><th scope="col">${name}</th></tr></thead>
      <tbody>${thinned(points).map(([time, value], n) => html`<tr key=${n}><td>${duration(time - points[0][0])}</td><td>${shown(value)}</td></tr>`)}</tbody></table></div></details></figure>`;
}

export const Curves = memo(({ curves }) => (curves.cost.length > 1 || curves.tests.length > 1) && html`<div class="curves">
  <${Curve} name="cost" points=${curves.cost} shown=${money} /><${Curve} name="tests passed" points=${curves.tests} shown=${(n) => plural(n, "test")} /></div>`);

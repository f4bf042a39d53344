// How each service went on, wave by wave.
import { html, memo } from "./base.js";
import { duration, spoken, tone } from "./words.js";

const OVER = ["ready", "stuck", "approved", "rejected", "stopped"];
const IDLE = ["waiting"];

function bars(spans, start, end) {
  const whole = Math.max(1, end - start);
  return spans.map(([phase, at, turn], n) => {
    const until = n + 1 < spans.length ? spans[n + 1][1] : OVER.includes(phase) ? Math.min(end, at + whole / 60) : end;
    return { phase, turn, left: ((at - start) / whole) * 100, width: (Math.max(0, until - at) / whole) * 100, seconds: until - at };
  }).filter((bar) => !IDLE.includes(bar.phase));
}

export const Timeline = memo(({ run, until }) => {
  const all = Object.values(run.spans).flat().filter(([phase]) => !IDLE.includes(phase));
  if (!all.length) return null;
  const start = Math.min(...all.map((span) => span[1]));
  const end = Math.max(...all.map((span) => span[1]), until);
  const waves = [...new Set(run.tasks.map((task) => task.wave))].sort((a, b) => a - b);
  return html`<div class="timeline">${waves.map((wave) => html`<div key=${wave} class="wave">${waves.length > 1 && html`<h3>wave ${wave + 1}</h3>`}
    ${run.tasks.filter((task) => task.wave === wave && run.spans[task.service]).map((task) => {
      const mine = bars(run.spans[task.service], start, end);
      const told = mine.map((bar) => `${spoken(bar.phase)}${bar.turn > 1 ? ` (turn ${bar.turn})` : ""} ${duration(bar.seconds)}`).join(", ");
      return html`<div key=${task.service} class="lane" role="img" aria-label=${`${task.service}: ${told || "waiting"}`}><span class="who clip">${task.service}</span>
        <span class="track">${mine.map((bar, n) => html`<span key=${n} class="span ${tone(bar.phase)} ${bar.phase}" title=${`${spoken(bar.phase)}, turn ${bar.turn}, ${duration(bar.seconds)}`}
          style=${{ left: `${bar.left}%`, width: `max(3px, ${bar.width}%)` }}></span>`)}</span></div>`;
    })}</div>`)}
    <p class="axis dim small"><span>0:00</span><span>${duration((end - start) / 2)}</span><span>${duration(end - start)}</span></p></div>`;
});

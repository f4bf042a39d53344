// How changesets of one lane stand on each other, drawn downwards in landing order: one picture for each row.
import { html } from "./base.js";
import { tone } from "./words.js";

const STEP = 18;
const NODE = 24;
const RADIUS = 5.5;
const STANDING = ["merging", "testing", "passed", "landing", "failing"];

const at = (column) => STEP / 2 + column * STEP;

export const width = (items) => STEP * (1 + Math.max(0, ...items.flatMap(({ track }) => [track.column, ...track.above, ...track.below, ...track.through])));

function Above({ from, to }) {
  if (from === to) return html`<line x1=${at(to)} x2=${at(to)} y1="0" y2=${NODE} />`;
  return html`<path d=${`M${at(from)} 0C${at(from)} ${NODE * 0.7} ${at(to)} ${NODE * 0.3} ${at(to)} ${NODE}`} />`;
}

function Below({ from, to }) {
  if (from === to) return html`<line x1=${at(to)} x2=${at(to)} y1=${NODE} y2="100%" />`;
  const end = NODE * 1.8;
  return html`<path d=${`M${at(from)} ${NODE}C${at(from)} ${NODE * 1.5} ${at(to)} ${NODE * 1.3} ${at(to)} ${end}`} /><line x1=${at(to)} x2=${at(to)} y1=${end} y2="100%" />`;
}

// A bar above a changeset says that it stands on the target itself.
const Ground = ({ column }) => html`<line x1=${at(column)} x2=${at(column)} y1="8" y2=${NODE} /><line class="ground" x1=${at(column) - 6} x2=${at(column) + 6} y1="8" y2="8" />`;

export function Track({ item }) {
  const { column, above, below, through } = item.track;
  const stands = STANDING.includes(item.status);
  return html`<svg class="stands" aria-hidden="true">
    ${through.map((each) => html`<line key=${each} x1=${at(each)} x2=${at(each)} y1="0" y2="100%" />`)}
    ${above.map((each) => html`<${Above} key=${each} from=${each} to=${column} />`)}
    ${stands && !item.on.length && html`<${Ground} column=${column} />`}
    ${below.map((each) => html`<${Below} key=${each} from=${column} to=${each} />`)}
    <circle class=${`${tone(item.status)} ${stands ? "" : "hollow"}`} cx=${at(column)} cy=${NODE} r=${RADIUS} /></svg>`;
}

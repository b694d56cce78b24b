// The emoji and their names, asked for once, when the first one is wanted.
import { request } from "./request.js";

let emoji = []; // {id, names, insert, label, sign}
let asked = null;

/** All that is known so far: nothing before `loadEmoji` has come back. */
export function knownEmoji() {
  return emoji;
}

/** Whether they could be had; a refusal is asked for again the next time. */
export function loadEmoji() {
  asked ??= request("GET", "/api/emoji").then((answer) => {
    if (answer.ok) emoji = answer.body.emoji.map(candidateOf).sort((a, b) => orderOf(a) - orderOf(b));
    else asked = null;
    return answer.ok;
  });
  return asked;
}

// Unicode blocks in the order in which they are looked for: faces and hands, people and food, things, signs, flags.
const BLOCKS = [[0x1f600, 0x1f64f], [0x1f900, 0x1f9ff], [0x1fa70, 0x1faff], [0x1f300, 0x1f5ff], [0x1f680, 0x1f6ff], [0x2190, 0x2bff]];
const FLAGS = [0x1f1e6, 0x1f1ff];

/** Faces first, flags last, and within a block as Unicode has them. */
function orderOf({ id }) {
  const point = id.codePointAt(0);
  const isIn = ([first, last]) => point >= first && point <= last;
  const block = BLOCKS.findIndex(isIn);
  return (isIn(FLAGS) ? BLOCKS.length + 1 : block < 0 ? BLOCKS.length : block) * 0x110000 + point;
}

function candidateOf([character, ...names]) {
  return { id: character, names, insert: character, label: `:${names[0]}:`, sign: character };
}

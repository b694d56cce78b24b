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
    if (answer.ok) emoji = answer.body.emoji.map(candidateOf);
    else asked = null;
    return answer.ok;
  });
  return asked;
}

function candidateOf([character, ...names]) {
  return { id: character, names, insert: character, label: `:${names[0]}:`, sign: character };
}

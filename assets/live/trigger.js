// What is being completed: the word before the caret, when it begins with a sign that names something.
import { isInCode } from "./text_lines.js";

const WORD = /(?:^|[\s([{"'“‘>*_~])([@#:])([\p{L}\p{N}\p{M}._+-]*)$/u;
const MIN_CHARACTERS = { "@": 0, "#": 0, ":": 2 };
const LONGEST_CHARACTERS = 60;
const KINDS = { "@": "people", "#": "channels", ":": "emoji" };

/** `{kind, query, start}` of the word at the caret, or null. */
export function triggerAt({ text, start, end }) {
  if (start !== end) return null;
  const found = WORD.exec(text.slice(Math.max(0, start - LONGEST_CHARACTERS), start));
  if (!found) return null;
  const [, sign, query] = found;
  if (query.length < MIN_CHARACTERS[sign] || isInCode({ text, start })) return null;
  return { kind: KINDS[sign], query, start: start - query.length - 1 };
}

/** The edit that puts what was chosen in the place of the word. */
export function complete({ text, start }, trigger, chosen) {
  const after = text.slice(start);
  const added = chosen + (/^\s/.test(after) ? "" : " ");
  const at = trigger.start + chosen.length + 1;
  return { text: text.slice(0, trigger.start) + added + after, start: at, end: at };
}

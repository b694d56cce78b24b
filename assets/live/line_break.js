// A line break where one writes a list, a quote or code: what begins a line goes on in the next.
import { codeBlockAt, lineEnd, lineStart } from "./text_lines.js";

// A quote's signs, and one item: its bullet or number, and the box of a task.
const ITEM = /^(\s*(?:>\s?)*)(?:([-*+])|(\d{1,9})([.)]))(\s+)(\[[ xX]\]\s+)?/;
const QUOTE = /^\s*(?:>\s?)+/;

/** Break the line; on an item without a text the list ends instead. */
export function breakLine({ text, start, end }) {
  const from = lineStart(text, start);
  const line = text.slice(from, start);
  if (codeBlockAt(text, start)) return insert({ text, start, end }, `\n${line.match(/^[ \t]*/)[0]}`);
  const item = ITEM.exec(line);
  const prefix = item?.[0] ?? QUOTE.exec(line)?.[0] ?? "";
  if (!prefix) return insert({ text, start, end }, "\n");
  const isEmpty = line === prefix && text.slice(start, lineEnd(text, start)).trim() === "" && start === end;
  if (isEmpty) return { text: text.slice(0, from) + text.slice(lineEnd(text, start)), start: from, end: from };
  return insert({ text, start, end }, `\n${item ? nextItem(item) : prefix}`);
}

function nextItem([, before, bullet, number, sign, space, box]) {
  const mark = bullet ?? `${Number(number) + 1}${sign}`;
  return `${before}${mark}${space}${box ? "[ ] " : ""}`;
}

function insert({ text, start, end }, added) {
  const at = start + added.length;
  return { text: text.slice(0, start) + added + text.slice(end), start: at, end: at };
}

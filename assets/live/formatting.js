// Formatting as Markdown, on and off, around what is selected. Pure: an edit goes in, an edit comes out.
import { codeBlockAt, lineEnd, lineStart } from "./text_lines.js";
import { linkEdit } from "./link_edit.js";

const INLINE = { bold: "**", italic: "_", strike: "~~", code: "`" };
const PREFIX = /^(\s*(?:>\s?)*)((?:[-*+]|\d{1,9}[.)])\s+)?/;
const QUOTED = /^> ?/;

/** Apply a format by name: bold italic strike code block link quote bullets numbers. */
export function format(name, edit) {
  if (name === "code" && edit.text.slice(edit.start, edit.end).includes("\n")) return toggleBlock(edit);
  if (name in INLINE) return toggleInline(edit, INLINE[name]);
  return { block: toggleBlock, link: linkEdit, quote: toggleQuote, bullets: toggleBullets, numbers: toggleNumbers }[name](edit);
}

// ---------------------------------------------------------------- within a line

function toggleInline(edit, mark) {
  const { text, start, end } = edit;
  if (start === end) return toggleAtCaret(edit, mark);
  const selected = text.slice(start, end);
  if (selected.includes("\n")) return toggleInLines(edit, mark);
  const [lead] = selected.match(/^\s*/);
  const [trail] = selected.slice(lead.length).match(/\s*$/);
  const inner = { text, start: start + lead.length, end: end - trail.length };
  if (inner.start >= inner.end) return edit;
  return isWrapped(inner, mark) ? unwrap(inner, mark) : isMarked(inner, mark) ? strip(inner, mark) : wrap(inner, mark);
}

/** Between two marks the marks go; before a closing one the caret steps over it; elsewhere an empty pair is put. */
function toggleAtCaret({ text, start }, mark) {
  const at = { text, start, end: start };
  if (isWrapped(at, mark)) return unwrap(at, mark);
  const isOpen = text.slice(lineStart(text, start), start).split(mark).length % 2 === 0;
  if (isOpen && text.startsWith(mark, start)) return { text, start: start + mark.length, end: start + mark.length };
  return wrap(at, mark);
}

/** A mark cannot reach over paragraphs or items: each line gets its own. */
function toggleInLines(edit, mark) {
  const { from, to, lines } = linesOf(edit);
  const parts = lines.map((line) => {
    const [prefix] = PREFIX.exec(line);
    return { prefix, body: line.slice(prefix.length).trimEnd() };
  });
  const isOn = parts.every(({ body }) => !body || isMarked({ text: body, start: 0, end: body.length }, mark));
  const changed = parts.map(({ prefix, body }) => {
    if (!body) return prefix;
    return prefix + (isOn ? body.slice(mark.length, -mark.length) : mark + body + mark);
  });
  return replaceLines(edit, from, to, changed);
}

/** Whether marks stand around: `**|text|**`; of a longer run of signs only a whole mark counts. */
function isWrapped({ text, start, end }, mark) {
  if (start < mark.length || !text.endsWith(mark, start)) return false;
  return text.slice(start - mark.length, start) === mark && text.startsWith(mark, end);
}

function isMarked({ text, start, end }, mark) {
  const selected = text.slice(start, end);
  return selected.length > 2 * mark.length && selected.startsWith(mark) && selected.endsWith(mark);
}

function wrap({ text, start, end }, mark) {
  const changed = text.slice(0, start) + mark + text.slice(start, end) + mark + text.slice(end);
  return { text: changed, start: start + mark.length, end: end + mark.length };
}

function unwrap({ text, start, end }, mark) {
  const changed = text.slice(0, start - mark.length) + text.slice(start, end) + text.slice(end + mark.length);
  return { text: changed, start: start - mark.length, end: end - mark.length };
}

function strip({ text, start, end }, mark) {
  const inner = text.slice(start + mark.length, end - mark.length);
  return { text: text.slice(0, start) + inner + text.slice(end), start, end: start + inner.length };
}

// ---------------------------------------------------------------- by line

function toggleQuote(edit) {
  return toggleLines(edit, (line) => QUOTED.test(line), (line) => line.replace(QUOTED, ""), (line, isAlone) => (line || isAlone ? `> ${line}` : ">"), true);
}

function toggleBullets(edit) {
  return toggleLines(edit, (line) => /^\s*[-*+]\s/.test(line), withoutItem, (line) => withItem(line, "- "));
}

function toggleNumbers(edit) {
  let number = 0;
  return toggleLines(edit, (line) => /^\s*\d{1,9}[.)]\s/.test(line), withoutItem, (line) => withItem(line, `${(number += 1)}. `));
}

function withoutItem(line) {
  return line.replace(/^(\s*)(?:[-*+]|\d{1,9}[.)])\s+/, "$1");
}

function withItem(line, mark) {
  const [indent] = line.match(/^\s*/);
  return indent + mark + withoutItem(line).slice(indent.length);
}

function toggleLines(edit, isOn, off, on, withBlank = false) {
  const { from, to, lines } = linesOf(edit);
  const told = lines.filter((line) => line.trim());
  const isAllOn = told.length > 0 && told.every(isOn);
  // Blank lines between items stay blank; a single one is where somebody begins.
  const isAlone = lines.length === 1;
  const changed = lines.map((line) => {
    if (!line.trim() && !isAlone && !withBlank) return line;
    return isAllOn ? off(line) : on(line, isAlone);
  });
  return replaceLines(edit, from, to, changed);
}

function linesOf({ text, start, end }) {
  const from = lineStart(text, start);
  // A selection that ends at the beginning of a line does not hold that line.
  const to = lineEnd(text, end > start && text[end - 1] === "\n" ? end - 1 : end);
  return { from, to, lines: text.slice(from, to).split("\n") };
}

/** The lines in place of others; the caret keeps its place in its line, a selection holds all that changed. */
function replaceLines({ text, start, end }, from, to, lines) {
  const inside = lines.join("\n");
  const changed = text.slice(0, from) + inside + text.slice(to);
  if (start !== end) return { text: changed, start: from, end: from + inside.length };
  const at = Math.max(from, start + inside.length - (to - from));
  return { text: changed, start: at, end: at };
}

// ---------------------------------------------------------------- blocks of code

function toggleBlock(edit) {
  const { text, start, end } = edit;
  const block = codeBlockAt(text, start);
  if (block) return withoutFences(text, block);
  const { from, to, lines } = linesOf(edit);
  const code = lines.join("\n");
  const fence = "`".repeat(Math.max(3, ...[...code.matchAll(/^\s*(`{3,})/gm)].map(([, run]) => run.length + 1)));
  const opening = `${from > 0 && text[from - 1] !== "\n" ? "\n" : ""}${fence}\n`;
  const after = text.slice(to);
  const changed = `${text.slice(0, from)}${opening}${code}\n${fence}${after}`;
  const at = from + opening.length;
  return start === end ? { text: changed, start: at + (start - from), end: at + (start - from) } : { text: changed, start: at, end: at + code.length };
}

function withoutFences(text, { start, end, isClosed }) {
  const lines = text.slice(start, end).split("\n");
  const inside = lines.slice(1, isClosed ? -1 : undefined).join("\n");
  return { text: text.slice(0, start) + inside + text.slice(end), start, end: start + inside.length };
}

// Edits of a textarea by code, so that the browser's own undo takes them back, one at a time.

// Chromium types line after line, each slower than the one before: a thousand would take seconds.
const MANY_LINES = 50;

export function editOf(area) {
  return { text: area.value, start: area.selectionStart, end: area.selectionEnd };
}

/** Put an edit into the area: only what differs is replaced, as if it had been typed. */
export function applyEdit(area, { text, start, end }) {
  const before = area.value;
  if (document.activeElement !== area) area.focus();
  if (before !== text) {
    const from = commonStart(before, text);
    const tail = commonEnd(before, text, from);
    area.setSelectionRange(from, before.length - tail);
    typeOver(area, text.slice(from, text.length - tail));
  }
  area.setSelectionRange(start, end);
}

/** Type in the place of what is selected. */
export function typeInto(area, added) {
  if (document.activeElement !== area) area.focus();
  typeOver(area, added);
}

function typeOver(area, added) {
  if (added.split("\n", MANY_LINES + 1).length > MANY_LINES && insertAtOnce(area, added)) return;
  const isDone = added ? document.execCommand("insertText", false, added) : document.execCommand("delete");
  if (isDone) return;
  // Without the command there is no undo, but the edit is made.
  area.setRangeText(added, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Whether the text is there, letter by letter: as HTML, of which one line end is dropped at its end. */
function insertAtOnce(area, added) {
  const { text, start, end } = editOf(area);
  const escaped = added.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const html = `<pre>\n${escaped}${added.endsWith("\n") ? "\n" : ""}</pre>`;
  if (!document.execCommand("insertHTML", false, html)) return false;
  if (area.value === text.slice(0, start) + added + text.slice(end)) return true;
  if (area.value !== text) document.execCommand("undo");
  if (area.value !== text) area.setRangeText(text, 0, area.value.length);
  area.setSelectionRange(start, end);
  return false;
}

function commonStart(a, b) {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return isHalf(a[length - 1]) ? length - 1 : length;
}

function commonEnd(a, b, from) {
  const limit = Math.min(a.length, b.length) - from;
  let length = 0;
  while (length < limit && a[a.length - 1 - length] === b[b.length - 1 - length]) length += 1;
  return isSecondHalf(a[a.length - length]) ? length - 1 : length;
}

const isHalf = (character) => /[\ud800-\udbff]/.test(character ?? "");
const isSecondHalf = (character) => /[\udc00-\udfff]/.test(character ?? "");

// Where one writes on this page, for what stands elsewhere: quoting a message, typing with the focus nowhere.
import { applyEdit, editOf } from "./area_edit.js";

let current = null;

/** The composer says that it is here; gives back how it says that it went. */
export function openArea(area) {
  current = area;
  return () => {
    if (current === area) current = null;
  };
}

export function currentArea() {
  return current;
}

/** Put text at the end of what is written, as paragraphs of its own; false when there is no place to write. */
export function insertText(text) {
  if (!current) return false;
  applyEdit(current, appended(editOf(current), text));
  return true;
}

/** The edit: what is written, a blank line, the text, and the caret behind it. */
export function appended({ text }, added) {
  const before = text.trimEnd();
  const changed = `${before}${before ? "\n\n" : ""}${added}`;
  return { text: changed, start: changed.length, end: changed.length };
}

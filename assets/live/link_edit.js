// A link around what is selected; a selected address becomes the target, any other text the words of it.
const URL_FORM = /^(?:https?:\/\/|mailto:)[^\s<>]+$/i;
const LINK = /^\[([^\]]*)\]\([^()\s]*\)$/;

export function isUrl(text) {
  return URL_FORM.test(text.trim());
}

/** On and off: with a selected link its words stay. */
export function linkEdit(edit) {
  const selected = edit.text.slice(edit.start, edit.end);
  const link = LINK.exec(selected);
  if (link) return put(edit, link[1], 0, link[1].length);
  if (isUrl(selected)) return put(edit, `[](${target(selected)})`, 1, 1);
  const words = selected.replace(/\n+/g, " ");
  const made = `[${words}](https://)`;
  // Without words one begins with them; with words what is missing is the address.
  return words ? put(edit, made, words.length + 3, made.length - 1) : put(edit, "[](https://)", 1, 1);
}

/** An address pasted over words makes a link of them. */
export function linkOver(edit, address) {
  const words = edit.text.slice(edit.start, edit.end).replaceAll(/[[\]]/g, "\\$&");
  const made = `[${words}](${target(address)})`;
  return put(edit, made, made.length, made.length);
}

/** Brackets in an address would end it. */
function target(address) {
  return address.trim().replaceAll("(", "%28").replaceAll(")", "%29");
}

function put({ text, start, end }, made, from, to) {
  return { text: text.slice(0, start) + made + text.slice(end), start: start + from, end: start + to };
}

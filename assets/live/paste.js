// Pasting. Text with markup becomes Markdown; an address over words becomes a link; code stays as it is. Whatever goes
// wrong, the plain text is pasted.
import { applyEdit, editOf, typeInto } from "./area_edit.js";
import { isUrl, linkOver } from "./link_edit.js";
import { isInCode } from "./text_lines.js";

// Markup that says something; a page's own blocks and spans do not.
const TELLING = "a[href], strong, b, em, i, s, del, strike, code, pre, ul, ol, blockquote, table, h1, h2, h3, h4, h5, h6";
// What tells an editor's copy: everything in one block that keeps its spaces, in the editor's font.
const EDITOR_FONT = /monospace|consolas|menlo|monaco|courier|mono\b/i;

export function onPaste(event) {
  const area = event.currentTarget;
  const plain = event.clipboardData.getData("text/plain").replaceAll("\r\n", "\n");
  const html = event.clipboardData.getData("text/html");
  const edit = editOf(area);
  if (!plain && !html) return; // files are somebody else's
  if (isInCode(edit)) return;
  if (edit.start !== edit.end && isUrl(plain) && !isUrl(area.value.slice(edit.start, edit.end))) {
    event.preventDefault();
    applyEdit(area, linkOver(edit, plain));
  } else if (html) pasteRich(event, area, html, plain);
}

/** Only text/plain comes with Ctrl-Shift-V: that is the browser's, and stays plain. */
function pasteRich(event, area, html, plain) {
  const page = new DOMParser().parseFromString(html, "text/html");
  if (isFromEditor(page)) {
    if (!plain.trim().includes("\n")) return;
    event.preventDefault();
    typeInto(area, fenced(area, plain));
  } else if (page.body.querySelector(TELLING)) {
    event.preventDefault();
    convert(area, page, plain);
  }
}

async function convert(area, page, plain) {
  let text = plain;
  try {
    const { toMarkdown } = await import("./rich_text.js"); // loaded with the first such paste
    text = toMarkdown(page.body) || plain;
  } catch (error) {
    console.error("What was pasted could not be converted; it is pasted as plain text", error);
  }
  typeInto(area, text);
}

function isFromEditor(page) {
  const [block, ...others] = page.body.children;
  if (!block || others.length || block.matches(TELLING)) return false;
  return /^pre/.test(block.style.whiteSpace) && EDITOR_FONT.test(block.style.fontFamily);
}

/** A block of its own, behind a fence that is longer than any in it. */
function fenced(area, code) {
  const runs = [...code.matchAll(/`{3,}/g)].map(([run]) => run.length + 1);
  const fence = "`".repeat(Math.max(3, ...runs));
  const { text, start, end } = editOf(area);
  const before = start === 0 || text[start - 1] === "\n" ? "" : "\n";
  const after = text[end] === "\n" ? "" : "\n";
  return `${before}${fence}\n${code.replace(/\n$/, "")}\n${fence}${after}`;
}

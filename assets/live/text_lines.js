// The lines of a text that is being edited. An edit is `{text, start, end}`: a text and what is selected in it.
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

/** Where the line of a place begins. */
export function lineStart(text, at) {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** Where the line of a place ends, before its line break. */
export function lineEnd(text, at) {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** The fence that a line opens, or closes: "```" or "~~~", or nothing. */
export function fenceOf(line) {
  const [, fence = "", info = ""] = FENCE.exec(line) ?? [];
  return fence[0] === "`" && info.includes("`") ? "" : fence;
}

/**
 * The code block that a place is in: `{start, end, isClosed}`, from its opening fence to the end of its closing one.
 * On the line of the opening fence one is in it; on that of the closing one no more.
 */
export function codeBlockAt(text, at) {
  let open = null;
  let from = 0;
  for (const line of text.split("\n")) {
    const to = from + line.length;
    const fence = fenceOf(line);
    if (!open && fence) open = { start: from, fence };
    else if (open && fence.startsWith(open.fence) && line.trim() === fence) {
      if (at >= open.start && at < from) return { start: open.start, end: to, isClosed: true };
      open = null;
    }
    from = to + 1;
  }
  return open && at >= open.start ? { start: open.start, end: text.length, isClosed: false } : null;
}

/** Whether a place is between backticks on its line. */
export function isInCodeSpan(text, at) {
  const from = lineStart(text, at);
  const before = text.slice(from, at).match(/`+/g) ?? [];
  const after = text.slice(at, lineEnd(text, at)).match(/`+/g) ?? [];
  let open = "";
  for (const run of before) {
    if (!open) open = run;
    else if (run === open) open = "";
  }
  return open !== "" && after.includes(open);
}

export function isInCode({ text, start }) {
  return codeBlockAt(text, start) !== null || isInCodeSpan(text, start);
}

// The pure parts of the composer, for the tests: one JSON command a line comes in, one JSON answer a line goes out.
import { createInterface } from "node:readline";

const from = (file) => import(new URL(`../../assets/live/${file}`, import.meta.url));
const { format } = await from("formatting.js");
const { breakLine } = await from("line_break.js");
const { linkOver } = await from("link_edit.js");
const { appended } = await from("open_area.js");
const { rank } = await from("ranking.js");
const { formatOf, keysOf } = await from("format_keys.js");
const { codeBlockAt, isInCode } = await from("text_lines.js");
const { complete, triggerAt } = await from("trigger.js");
const { joined } = await from("drafts.js");

const commands = {
  format: ({ name, edit }) => format(name, edit),
  breakLine,
  linkOver: ({ edit, address }) => linkOver(edit, address),
  appended: ({ edit, added }) => appended(edit, added),
  rank: ({ candidates, query, recents }) => rank(candidates, query, recents).map(({ id }) => id),
  formatOf: ({ event, hasSelection }) => formatOf(event, hasSelection),
  keysOf: ({ name, isMac }) => keysOf(name, isMac),
  codeBlockAt: ({ text, start }) => codeBlockAt(text, start) !== null,
  isInCode,
  triggerAt,
  complete: ({ edit, chosen }) => complete(edit, triggerAt(edit), chosen),
  joined: ({ here, there }) => joined(here, there),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, argument } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(commands[command](argument) ?? null)}\n`);
}

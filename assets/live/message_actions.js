// What one does with a message besides editing it in its row: copying, quoting, deleting it.
import { toast } from "sonner";
import { copyLink, copyText, linkOf } from "./clipboard.js";
import { closeDialog, showRefusal } from "./dialog.js";
import { insertText } from "./open_area.js";
import { request } from "./request.js";
import { store } from "./store.js";
import { t } from "./texts.js";

const UNDO_MS = 5000;
const QUOTE_MAX_CHARACTERS = 4000;

function refuse({ error }) {
  showRefusal(error.code, error.parameters);
}

/** Where a message of this tab's workspace is found. */
function pathOf(id, channel) {
  const workspace = window.location.pathname.split("/")[2];
  return `/w/${workspace}/c/${channel}?m=${id}`;
}

/** Copy what its author typed. */
export async function copyMessageText(id) {
  const answer = await request("GET", `/api/messages/${id}/source`);
  if (answer.ok) copyText(answer.body.source);
  else refuse(answer);
}

export function copyMessageLink(id, channel) {
  return copyLink(pathOf(id, channel));
}

/** Begin an answer with what is answered: who said it, a link to it, and its text. */
export async function quoteMessage(id, channel) {
  const answer = await request("GET", `/api/messages/${id}/source`);
  if (!answer.ok) return refuse(answer);
  const author = store.user(store.feed(channel).rows.get(id)?.author);
  const said = t("quote.said", { handle: author?.handle ?? "", link: linkOf(pathOf(id, channel)) });
  insertText(`${said}\n${quoted(answer.body.source)}\n\n`);
}

function quoted(source) {
  const characters = [...source];
  const cut = characters.length > QUOTE_MAX_CHARACTERS ? `${characters.slice(0, QUOTE_MAX_CHARACTERS).join("")} …` : source;
  return cut.split("\n").map((line) => `> ${line}`.trimEnd()).join("\n");
}

/** Delete a message, and offer for a few seconds to bring it back. */
export async function deleteMessage(id) {
  const answer = await request("DELETE", `/api/messages/${id}`);
  if (!answer.ok) return refuse(answer);
  fold("delete", answer.body);
  closeDialog();
  toast(t("message.deleted"), {
    id: `deleted ${id}`,
    duration: UNDO_MS,
    action: { label: t("message.undo"), onClick: () => restoreMessage(id) },
  });
}

async function restoreMessage(id) {
  const answer = await request("POST", `/api/messages/${id}/restoration`);
  if (answer.ok) fold("edit", answer.body);
  else refuse(answer);
}

function fold(k, row) {
  store.apply({ k, ch: row.ch, rev: row.rev, m: row });
}

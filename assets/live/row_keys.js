// What keys do while a row of the list has the focus itself.
import { openDialog } from "./dialog.js";
import { startEdit } from "./editing.js";
import { copyMessageText, quoteMessage } from "./message_actions.js";
import { markUnread } from "./reading.js";

const actions = {
  ArrowUp: (row) => step(row, -1),
  ArrowDown: (row) => step(row, 1),
  e: (_, message) => message.mine && message.writable && startEdit(message.id),
  c: (_, message) => copyMessageText(message.id),
  q: (_, message) => message.writable && quoteMessage(message.id, message.channel),
  u: (_, message) => message.writable && markUnread(message.id),
  f: (_, message) => openDialog("forward-message", message.id),
  Delete: (_, message) => askToDelete(message),
  Backspace: (_, message) => askToDelete(message),
};

export function pressInRow(event, message) {
  const act = actions[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
  const isAboutRows = event.key.startsWith("Arrow");
  if (!isAboutRows && message.status !== "sent") return; // what is on its way has no actions yet
  event.preventDefault();
  act(event.currentTarget, message);
}

function askToDelete(message) {
  if (message.mine || message.moderates) openDialog("delete-message", message.id);
}

function step(row, by) {
  const rows = [...row.closest('[role="log"]').querySelectorAll(".message[data-message]")];
  const next = rows[rows.indexOf(row) + by];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

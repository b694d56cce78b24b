// What one does with one's own cursors besides reading: set one back, put one or all at the end. Where a key is enough.
import { useEffect } from "react";
import { release } from "./cursor.js";
import { openDialog } from "./dialog.js";
import { placeNow } from "./place.js";
import { store } from "./store.js";
import { unreadIn } from "./sidebar.js";

const ASK_FROM_CHANNELS = 20; // so many are not marked read by a slip of the finger

let send = { unread() {}, read() {}, all() {} };
const jumpers = new Set();

/** Set the cursor back to before a message of the channel in the address. */
export function markUnread(id) {
  const { channel } = placeNow();
  const row = store.feed(channel).rows.get(id);
  if (row && store.feed(channel).joined) send.unread(channel, row.seq);
}

/** Put the cursor of the channel in the address at its end, and look there. */
function markRead() {
  const { workspace, channel } = placeNow();
  const feed = store.feed(channel);
  const last = Math.max(feed.list.at(-1)?.seq ?? 0, store.sidebar(workspace).channels.get(channel)?.last ?? 0);
  release(feed);
  store.touch();
  if (feed.joined && last > feed.read) send.read(channel, last, feed.rr);
  jumpers.forEach((jump) => jump());
}

/** Everything in the workspace is read; asks before when that is much. */
export function markAllRead() {
  const unread = unreadIn(store.sidebar(placeNow().workspace));
  if (unread.length > ASK_FROM_CHANNELS) openDialog("mark-all-read");
  else if (unread.length) send.all();
}

/** Be told when somebody wants to be at the end of the channel; gives what takes that back. */
export function onJump(jump) {
  jumpers.add(jump);
  return () => jumpers.delete(jump);
}

/** Whether something is open that Escape closes, or is done with: then it is not about the channel. */
function isEscapeTaken(event) {
  const isOpen = document.querySelector("dialog[open], [popover]:popover-open, .pane, .drawer-open");
  return Boolean(isOpen) || event.target.closest?.(".message-editor, [role=listbox]");
}

let isTaken = false;

/** Before anybody acts on the key: what it closes is gone afterwards. */
function look(event) {
  if (event.key === "Escape") isTaken = isEscapeTaken(event);
}

function press(event) {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (isTaken) return;
  event.preventDefault();
  if (event.shiftKey) markAllRead();
  else if (placeNow().channel) markRead();
}

/** The row is taken before what the click would do in it, a link for example. */
function click(event) {
  const row = event.altKey && event.button === 0 && event.target.closest?.('[role="log"] [data-message]');
  if (!row) return;
  event.preventDefault();
  event.stopPropagation();
  markUnread(row.dataset.message);
}

export function Reading({ onUnread, onRead, onAll }) {
  useEffect(() => {
    send = { unread: onUnread, read: onRead, all: onAll };
  });
  useEffect(() => {
    document.addEventListener("keydown", look, true);
    document.addEventListener("keydown", press);
    document.addEventListener("click", click, true);
    return () => {
      document.removeEventListener("keydown", look, true);
      document.removeEventListener("keydown", press);
      document.removeEventListener("click", click, true);
    };
  }, []);
  return null;
}

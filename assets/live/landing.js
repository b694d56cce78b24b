// Where one comes down in a channel, and what was unread as one came: at the newest message, at the first unread one,
// or at the message of a link. A visit begins when the channel is opened, and ends with the next one.
import { store } from "./store.js";

const ASKED_ABOVE_PX = 72; // what was read last stays in sight

const NOWHERE = {
  channel: "",
  wanted: {}, // the page that was asked for: around a message `m`, a number `seq`, a moment `at`, or the newest
  isWaiting: false, // for that page
  isNew: false, // nothing of this visit was answered yet
  known: { read: 0, rr: 0 }, // the cursor as this tab knew it: the server may have heard less
  cursor: null, // the cursor as of coming; null for who has none
  until: 0, // the newest message as of coming: what is said later is not unread
  unread: null, // how much is unread, and since when, where that is not in sight
  isLost: false, // the message of the link is not here
  spot: { at: "end" }, // where the list is to come down; another object is another time
};

let visit = NOWHERE;
let send = () => {};

function change(more) {
  visit = { ...visit, ...more };
  store.touch();
}

/** The page came: decide where to come down. */
function arrive(op) {
  if (visit.isNew) {
    const { joined, read, rr } = store.feed(op.ch);
    const known = rr === visit.known.rr ? visit.known.read : 0;
    change({ isNew: false, cursor: joined ? Math.max(read, known) : null, until: op.last });
  }
  if (op.k === "changes") return;
  const { wanted, isWaiting } = visit;
  change({ isWaiting: false, isLost: Boolean(op.lost), unread: unreadOf(op, isWaiting), spot: spotOf(op, wanted, isWaiting) });
}

function unreadOf(op, isWaiting) {
  if (!isWaiting) return visit.unread;
  const isRead = visit.cursor === null || (op.unread?.seq ?? 0) <= visit.cursor;
  return op.k === "page" && !isRead ? op.unread : null;
}

function spotOf(op, wanted, isWaiting) {
  // Too much was missed to catch up with: one stays where one was, as well as that goes.
  if (!isWaiting) return op.k === "page" ? visit.spot : { at: "row", id: op.target, align: "start" };
  if (op.k === "page") return firstUnread(store.feed(op.ch)) ? lineSpot() : { at: "end" };
  if (wanted.m) return linkSpot(op.target);
  if (wanted.seq !== undefined) return lineSpot();
  return { at: "row", id: op.target, align: "start", isFocused: true, above: ASKED_ABOVE_PX };
}

function linkSpot(id) {
  return { at: "row", id, align: "center", isFocused: true, isMarked: true };
}

function lineSpot() {
  return { at: "line", align: "start", above: ASKED_ABOVE_PX };
}

/** The first message that was unread as one came, or was marked so, while it is loaded: the line stands above it. */
export function firstUnread(feed) {
  if (visit.channel !== feed.channel) return "";
  const { cursor, until } = feed.isHeld ? { cursor: feed.read, until: Infinity } : visit;
  if (cursor === null || until <= cursor) return "";
  if (feed.older && feed.floor > cursor) return ""; // it may be above what is loaded
  const me = feed.isHeld ? "" : store.me()?.id; // one's own are never unread, unless one says so
  return feed.list.find((row) => row.seq > cursor && row.seq <= until && row.author !== me)?.id ?? "";
}

export const landing = {
  of: (channel) => (visit.channel === channel ? visit : NOWHERE),
  /** How a page is asked for: `send(channel, sinceRev, to)`. */
  setSend(next) {
    send = next;
  },
  /** One comes into a channel. */
  begin(channel) {
    const { read, told, rr } = store.feed(channel);
    visit = { ...NOWHERE, channel, known: { read: Math.max(read, told), rr }, isNew: true };
  },
  /** Ask for a page: around a spot, or the newest one. */
  ask(wanted = {}) {
    change({ wanted, isWaiting: true, isLost: false });
    send(visit.channel, 0, wanted);
  },
  /** Go to the message of a link, or to the newest. */
  look(message) {
    const feed = store.feed(visit.channel);
    const row = feed.rows.get(message);
    if (message && row && !row.deleted && !visit.isNew) change({ spot: linkSpot(message), isWaiting: false, isLost: false });
    else if (message) landing.ask({ m: message });
    else if (visit.isNew || feed.newer || !feed.isOpen) landing.ask();
    else change({ spot: { at: "end" }, isWaiting: false, isLost: false });
  },
  /** An answer of the server, unless it answers what one does not ask any more. */
  hear(op) {
    const isPage = op.k === "page" || op.k === "around" || op.k === "changes";
    if (isPage && op.ch === visit.channel && op.ask === store.feed(op.ch).ask) arrive(op);
  },
  /** The bar about what is unread, or lost, was seen. */
  dismiss() {
    change({ unread: null, isLost: false });
  },
  /** Come down at the line above the first unread message. */
  toLine() {
    const { unread } = visit;
    if (firstUnread(store.feed(visit.channel))) change({ spot: lineSpot(), unread: null });
    else if (unread) landing.ask({ seq: unread.seq });
  },
};

// What a tab knows of one channel's messages, folded from ops. No DOM, no sockets: it runs anywhere.
//
// The truth is the database. Each row carries the channel's `rev` of its last change: the higher one wins, so that an
// op applied twice or late changes nothing. `feed.rev` is how far the tab has heard without a gap.
//
// What is loaded is a window: every message from `floor` to `ceiling`. At the newest it is open: `ceiling` is null.
// A row that is heard of outside of the window is put aside: shown, it would leave a hole beside it.

import { moveFeedCursor } from "./cursor.js";

const ASIDE_LIMIT_ROWS = 1000;
const NEWS_LIMIT_ROWS = 1000;

class Feed {
  constructor(channel) {
    Object.assign(this, {
      channel,
      about: null, // the channel itself: name, topic, kind
      rev: 0,
      pageRev: 0, // what the window began with was read at this rev: what is older tells nothing
      forgotten: 0, // the highest rev of a row that was let go: what is older tells nothing of rows that are not here
      heard: new Set(), // revs above `rev`, with something missing in between
      rows: new Map(), // id → row; tombstones too
      floor: 0, // where the window begins, and
      ceiling: null, // where it ends; null is the newest
      base: 0, // counts the windows: another one has nothing of the one before
      keys: new Set(), // client keys of the rows: what the outbox has to show no longer
      aside: new Map(), // rows outside of the window: a page on its way may bring an older state of them
      older: true,
      loadingOlder: false,
      loadingNewer: false,
      ask: 0, // counts the questions for a page, and which of them
      answered: 0, // was answered last
      leftAt: null, // the newest message when one left the end; null at the end
      news: new Map(), // what came since then: id → author
      isNewsWhole: true, // whether that is all that came
      joined: false,
      eye: 0, // the number of the topmost message on the screen
      read: 0,
      rr: 0, // counts how often the cursor was set anew, see cursor.js
      isHeld: false, // whether it was set back while the channel is open here
      told: 0, // the cursor that the server was told, and may not have heard
      isOpen: false,
      isAbsent: false,
      version: 0,
      sorted: null,
    });
  }

  /** What is shown, by seq; sorted when it is looked at, not for each op of a burst. */
  get list() {
    this.sorted ??= [...this.rows.values()].filter((row) => !row.deleted).sort((a, b) => a.seq - b.seq);
    return this.sorted;
  }

  /** Whether there is more below what is loaded. */
  get newer() {
    return this.ceiling !== null;
  }
}

export function createFeed(channel) {
  return new Feed(channel);
}

/** Fold one op into the feed; true when the tab has to ask for what it missed. */
export function foldIntoFeed(feed, op) {
  switch (op.k) {
    case "page":
    case "around":
      return isLateAnswer(feed, op) ? false : openWith(feed, op);
    case "changes":
      return feed.isOpen ? catchUp(feed, op) : !feed.isAbsent;
    case "older":
      return grow(feed, op, growAbove);
    case "newer":
      return grow(feed, op, growBelow);
    case "new":
    case "edit":
    case "delete":
      if (feed.isAbsent) return false;
      // Of what was let go only a page knows whether this is its newest state.
      if (op.m.rev <= feed.forgotten && !isKnown(feed, op.m)) return feed.isOpen && op.m.rev > feed.rev;
      note(feed, op.m);
      mergeLater(feed, op.m);
      return hear(feed, op.rev, false);
    case "head":
      return feed.isOpen && op.rev > feed.rev;
    default:
      return false;
  }
}

/** Let the rows at one end go, so that at most `limit` stay: `newest` ones go when one looks at the oldest. */
export function trimFeed(feed, limit, newest) {
  const { list } = feed;
  if (list.length <= limit) return;
  if (newest) feed.ceiling = list[limit - 1].seq;
  else Object.assign(feed, { floor: list[list.length - limit].seq, older: true });
  for (const row of feed.rows.values()) if (!isInWindow(feed, row)) letGo(feed, feed.rows, row);
  refresh(feed);
}

/** One is not at the end any more: from now on what comes is counted. */
export function leaveEnd(feed) {
  if (feed.leftAt === null) Object.assign(feed, { leftAt: feed.list.at(-1)?.seq ?? 0, isNewsWhole: true });
}

export function reachEnd(feed) {
  Object.assign(feed, { leftAt: null, isNewsWhole: true });
  feed.news.clear();
}

/** An answer counts once, and only that to the last question: one asked elsewhere since then. */
function isLateAnswer(feed, { ask }) {
  return feed.isOpen && ask !== undefined && (ask < feed.ask || ask <= feed.answered);
}

function openWith(feed, op) {
  const isLate = feed.isOpen && op.rev < feed.rev;
  moveFeedCursor(feed, op, op.last);
  const hasLetGo = feed.forgotten > op.rev; // something later than the page went: it has to be asked for
  const later = [...feed.rows.values(), ...feed.aside.values()].filter((row) => row.rev > op.rev);
  const last = op.ms.at(-1)?.seq ?? 0;
  const isNext = feed.isOpen && !feed.newer && op.k === "page" && (feed.list.at(-1)?.seq ?? 0) >= (op.ms[0]?.seq ?? 0);
  Object.assign(feed, {
    rows: new Map(),
    keys: new Set(),
    floor: op.older ? op.ms[0].seq : 0,
    ceiling: op.newer ? last : null,
    base: feed.base + (isNext ? 0 : 1),
    older: op.older,
    loadingOlder: false,
    loadingNewer: false,
    joined: op.joined,
    isOpen: true,
    isAbsent: false,
    rev: op.rev,
    pageRev: op.rev,
    forgotten: 0,
    answered: op.ask ?? feed.answered,
  });
  if (op.k === "around") missNews(feed, op.last);
  if (hasLetGo) feed.heard.clear();
  feed.aside.clear();
  op.ms.forEach((row) => merge(feed, row));
  later.forEach((row) => mergeLater(feed, row));
  return hear(feed, op.rev, true) || isLate || hasLetGo;
}

/** A page from the middle says how far the channel goes, and not what came since one left its end. */
function missNews(feed, last) {
  if (feed.leftAt === null) feed.leftAt = last;
  else if (last > Math.max(feed.leftAt, ...[...feed.news.values()].map(({ seq }) => seq))) feed.isNewsWhole = false;
}

function catchUp(feed, op) {
  // A page asked for before the socket broke does not come any more.
  Object.assign(feed, { loadingOlder: false, loadingNewer: false, answered: Math.max(feed.answered, op.ask ?? 0) });
  if (op.rev < feed.forgotten) return op.rev > feed.rev; // read before something that was let go
  op.ms.forEach((row) => note(feed, row));
  op.ms.forEach((row) => mergeLater(feed, row));
  moveFeedCursor(feed, op, op.last);
  feed.joined = op.joined;
  return hear(feed, op.rev, true);
}

/** A page next to the window. One that was read before what is here, or before something that went, is late. */
function grow(feed, op, move) {
  const isUseful = feed.isOpen && op.rev >= feed.pageRev && op.rev >= feed.forgotten;
  Object.assign(feed, { loadingOlder: false, loadingNewer: false });
  if (!isUseful || !move(feed, op)) return refresh(feed);
  op.ms.forEach((row) => note(feed, row));
  op.ms.forEach((row) => merge(feed, row));
  for (const row of feed.aside.values()) {
    if (!isInWindow(feed, row)) continue;
    feed.aside.delete(row.id);
    // What the page lacks was deleted before it was read, unless the page is the older one.
    if (row.deleted || row.rev > op.rev || feed.rows.has(row.id)) merge(feed, row);
  }
  return refresh(feed);
}

/** Move the window's end to that of a page; false when the page would leave a hole. */
function growAbove(feed, op) {
  if (op.before < feed.floor) return false;
  feed.floor = Math.min(feed.floor, op.older ? op.ms[0].seq : 0);
  feed.older = feed.floor > 0;
  return true;
}

function growBelow(feed, op) {
  if (!feed.newer || op.after > feed.ceiling) return false;
  feed.ceiling = op.newer ? Math.max(feed.ceiling, op.ms.at(-1).seq) : null;
  return true;
}

function isInWindow(feed, row) {
  return row.seq >= feed.floor && (feed.ceiling === null || row.seq <= feed.ceiling);
}

function isKnown(feed, row) {
  return feed.rows.has(row.id) || feed.aside.has(row.id);
}

/** A row as an op brings it. */
function mergeLater(feed, row) {
  if (row.rev <= feed.pageRev) return;
  if (isInWindow(feed, row)) return merge(feed, row);
  const known = feed.aside.get(row.id);
  if (!known || known.rev < row.rev) feed.aside.set(row.id, row);
  if (feed.aside.size > ASIDE_LIMIT_ROWS) letGo(feed, feed.aside, feed.aside.values().next().value);
}

function merge(feed, row) {
  const known = feed.rows.get(row.id);
  if (known && known.rev >= row.rev) return;
  feed.rows.set(row.id, row);
  if (row.key) feed.keys.add(row.key);
}

function letGo(feed, rows, row) {
  rows.delete(row.id);
  feed.forgotten = Math.max(feed.forgotten, row.rev);
}

/** Count what comes while one is not at the end; what is deleted again does not count. */
function note(feed, row) {
  if (feed.leftAt === null || row.seq <= feed.leftAt) return;
  if (row.deleted) feed.news.delete(row.id);
  else if (feed.news.size < NEWS_LIMIT_ROWS) feed.news.set(row.id, { seq: row.seq, author: row.author });
  else feed.isNewsWhole = false;
}

/** Note a rev; true when an earlier one is missing. `whole` says that everything up to it is here. */
function hear(feed, rev, whole) {
  if (whole) feed.rev = Math.max(feed.rev, rev);
  else if (rev > feed.rev) feed.heard.add(rev);
  for (const heard of feed.heard) if (heard <= feed.rev) feed.heard.delete(heard);
  while (feed.heard.delete(feed.rev + 1)) feed.rev += 1;
  refresh(feed);
  return feed.isOpen && feed.heard.size > 0;
}

function refresh(feed) {
  feed.sorted = null;
  feed.version += 1;
  return false;
}

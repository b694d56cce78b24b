// What a tab knows of one channel's messages, folded from ops. No DOM, no sockets: it runs anywhere.
//
// The truth is the database. Each row carries the channel's `rev` of its last change: the higher one wins, so that an
// op applied twice or late changes nothing. `feed.rev` is how far the tab has heard without a gap.

import { moveFeedCursor } from "./cursor.js";

const ASIDE_LIMIT_ROWS = 1000;

export function createFeed(channel) {
  return {
    channel,
    about: null, // the channel itself: name, topic, kind
    rev: 0,
    pageRev: 0, // what the newest page was read at: up to there it tells all, and what is older tells nothing
    heard: new Set(), // revs above `rev`, with something missing in between
    rows: new Map(), // id → row; tombstones too
    floor: 0, // every message from this number on is here
    keys: new Set(), // client keys of the rows: what the outbox has to show no longer
    aside: new Map(), // rows below the floor: a page on its way may bring an older state of them
    list: [], // what is shown, by seq
    older: true,
    loadingOlder: false,
    joined: false,
    read: 0,
    rr: 0, // counts how often the cursor was set anew, see cursor.js
    isHeld: false, // whether it was set back while the channel is open here
    told: 0, // the cursor that the server was told, and may not have heard
    isOpen: false,
    isAbsent: false,
    version: 0,
  };
}

/** Fold one op into the feed; true when the tab has to ask for what it missed. */
export function foldIntoFeed(feed, op) {
  switch (op.k) {
    case "page":
      return openWithPage(feed, op);
    case "changes":
      return feed.isOpen ? catchUp(feed, op) : !feed.isAbsent;
    case "older":
      return growAbove(feed, op);
    case "new":
    case "edit":
    case "delete":
      if (feed.isAbsent) return false;
      mergeLater(feed, op.m);
      return hear(feed, op.rev, false);
    case "head":
      return feed.isOpen && op.rev > feed.rev;
    default:
      return false;
  }
}

function openWithPage(feed, op) {
  const isLate = feed.isOpen && op.rev < feed.rev;
  moveFeedCursor(feed, op, op.last);
  const later = [...feed.rows.values(), ...feed.aside.values()].filter((row) => row.rev > op.rev);
  Object.assign(feed, {
    rows: new Map(),
    keys: new Set(),
    floor: op.older ? op.ms[0].seq : 0,
    older: op.older,
    loadingOlder: false,
    joined: op.joined,
    isOpen: true,
    isAbsent: false,
    rev: op.rev,
    pageRev: op.rev,
  });
  feed.aside.clear();
  op.ms.forEach((row) => merge(feed, row));
  later.forEach((row) => mergeLater(feed, row));
  return hear(feed, op.rev, true) || isLate;
}

function catchUp(feed, op) {
  op.ms.forEach((row) => mergeLater(feed, row));
  moveFeedCursor(feed, op, op.last);
  feed.loadingOlder = false; // a page asked for before the socket broke does not come any more
  feed.joined = op.joined;
  return hear(feed, op.rev, true);
}

function growAbove(feed, op) {
  // One that was read before the newest page, or leaves a hole below it, is late.
  if (!feed.isOpen || op.rev < feed.pageRev || op.before < feed.floor) return false;
  feed.floor = Math.min(feed.floor, op.older ? op.ms[0].seq : 0);
  feed.older = feed.floor > 0;
  feed.loadingOlder = false;
  op.ms.forEach((row) => merge(feed, row));
  for (const row of feed.aside.values()) {
    if (row.seq < feed.floor) continue;
    feed.aside.delete(row.id);
    // What the page lacks was deleted before it was read, unless the page is the older one.
    if (row.deleted || row.rev > op.rev || feed.rows.has(row.id)) merge(feed, row);
  }
  return refresh(feed);
}

/** A row as an op brings it. One below the floor is put aside: shown, it would leave a hole after it. */
function mergeLater(feed, row) {
  if (row.rev <= feed.pageRev) return;
  if (row.seq >= feed.floor) return merge(feed, row);
  const known = feed.aside.get(row.id);
  if (!known || known.rev < row.rev) feed.aside.set(row.id, row);
  if (feed.aside.size > ASIDE_LIMIT_ROWS) feed.aside.delete(feed.aside.keys().next().value);
}

function merge(feed, row) {
  const known = feed.rows.get(row.id);
  if (known && known.rev >= row.rev) return;
  feed.rows.set(row.id, row);
  if (row.key) feed.keys.add(row.key);
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
  feed.list = [...feed.rows.values()].filter((row) => !row.deleted).sort((a, b) => a.seq - b.seq);
  feed.version += 1;
  return false;
}

// What a tab knows of one channel's messages, folded from ops. No DOM, no sockets: it runs anywhere.
//
// The truth is the database. Each row carries the channel's `rev` of its last change: the higher one wins, so that an
// op applied twice or late changes nothing. `feed.rev` is how far the tab has heard without a gap.

const ASIDE_LIMIT_ROWS = 1000;

export function createFeed(channel) {
  return {
    channel,
    rev: 0,
    heard: new Set(), // revs above `rev`, with something missing in between
    rows: new Map(), // id → row; tombstones too
    keys: new Set(), // client keys of the rows: what the outbox has to show no longer
    aside: new Map(), // rows above the oldest loaded one: a page on its way may bring an older state of them
    list: [], // what is shown, by seq
    older: true,
    loadingOlder: false,
    joined: false,
    read: 0,
    last: 0,
    people: 0,
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
      op.ms.forEach((row) => mergeLater(feed, row));
      feed.joined = op.joined;
      feed.read = Math.max(feed.read, op.read);
      feed.last = op.last;
      return hear(feed, op.rev, true);
    case "older":
      op.ms.forEach((row) => merge(feed, row));
      feed.aside.forEach((row) => feed.rows.has(row.id) && merge(feed, row));
      feed.aside.clear();
      feed.older = op.older;
      feed.loadingOlder = false;
      return refresh(feed);
    case "new":
    case "edit":
    case "delete":
      mergeLater(feed, op.m);
      return hear(feed, op.rev, false);
    case "head":
      return feed.isOpen && op.rev > feed.rev;
    default:
      return false;
  }
}

function openWithPage(feed, op) {
  const later = [...feed.rows.values(), ...feed.aside.values()].filter((row) => row.rev > op.rev);
  feed.rows = new Map();
  feed.keys = new Set();
  feed.aside.clear();
  op.ms.forEach((row) => merge(feed, row));
  feed.older = op.older;
  later.forEach((row) => mergeLater(feed, row));
  Object.assign(feed, {
    loadingOlder: false,
    joined: op.joined,
    read: Math.max(op.read, feed.isOpen ? feed.read : 0),
    last: op.last,
    people: op.people,
    isOpen: true,
    isAbsent: false,
    rev: op.rev,
  });
  return hear(feed, op.rev, true);
}

/** A row as an op brings it. One above the oldest loaded one is put aside: shown, it would leave a hole below it. */
function mergeLater(feed, row) {
  const oldest = feed.list.length ? feed.list[0].seq : firstSeq(feed);
  if (feed.older && !feed.rows.has(row.id) && row.seq < oldest) {
    const known = feed.aside.get(row.id);
    if (!known || known.rev < row.rev) feed.aside.set(row.id, row);
    if (feed.aside.size > ASIDE_LIMIT_ROWS) feed.aside.delete(feed.aside.keys().next().value);
    return;
  }
  merge(feed, row);
}

function firstSeq(feed) {
  let first = 0;
  for (const row of feed.rows.values()) if (!first || row.seq < first) first = row.seq;
  return first;
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

// What a tab knows of one workspace: its name, oneself in it, and one's channels. Folded from ops like a feed.
//
// `rev` counts what all members see, `meRev` what only this person sees.
import { isFurther } from "./cursor.js";

/** More than that are not counted. */
export const COUNT_LIMIT = 99;

export function createSidebar(workspace) {
  return {
    id: workspace,
    isLoaded: false,
    isGone: false,
    rev: 0,
    meRev: 0,
    name: "",
    icon: "", // an emoji, or nothing
    hue: 0,
    workspaceRev: 0,
    role: "member",
    installs: false, // whether this person owns the whole installation
    creates: false, // whether this person may make workspaces
    first: "", // the channel in which everybody begins
    me: null,
    drafts: new Map(), // channel → {source, rev}: what is written and not sent, as the server has it
    hidden: new Map(), // channel → the rev at which it became private: what is older tells nothing of it
    sums: "", // the last that was said of cursors and newest messages, and
    askedFor: "", // what was asked for
    channels: new Map(), // id → {c, read, rr, closed, last, lastRev}, and of a direct one {seqs, at}: `lastRev` is what they are of
    version: 0,
  };
}

/** Fold one op; true when the tab has to ask for the whole sidebar again. */
export function foldIntoSidebar(sidebar, op) {
  sidebar.version += 1;
  switch (op.k) {
    case "sidebar":
      return load(sidebar, op);
    case "workspace":
      if (op.w.rev > sidebar.workspaceRev) Object.assign(sidebar, looksOf(op.w));
      return hear(sidebar, "rev", op.rev);
    case "channel": {
      const known = sidebar.channels.get(op.c.id);
      if (known && known.c.rev < op.c.rev) sidebar.channels.set(op.c.id, { ...known, c: op.c });
      return op.me_rev ? hear(sidebar, "meRev", op.me_rev) : hear(sidebar, "rev", op.rev ?? 0);
    }
    case "hidden":
      sidebar.hidden.set(op.ch, op.c_rev); // it happens once
      return hear(sidebar, "rev", op.rev);
    case "joined":
      if (op.rev > sidebar.meRev) putChannel(sidebar, op, sidebar.channels.get(op.c.id));
      return hear(sidebar, "meRev", op.rev);
    case "left":
      if (op.rev > sidebar.meRev) sidebar.channels.delete(op.ch);
      return hear(sidebar, "meRev", op.rev);
    case "closed": {
      const known = sidebar.channels.get(op.ch);
      if (known && op.rev > sidebar.meRev) sidebar.channels.set(op.ch, { ...known, closed: op.closed });
      return hear(sidebar, "meRev", op.rev);
    }
    case "role":
      if (op.rev > sidebar.meRev) sidebar.role = op.role;
      return hear(sidebar, "meRev", op.rev);
    case "person":
      // The store knows the person already. Who changes oneself sees it here too.
      if (op.u.id === sidebar.me?.id && op.u.rev > sidebar.me.rev) sidebar.me = op.u;
      return hear(sidebar, "rev", op.rev);
    case "gone":
      // The rev stays: who comes back has a higher one, and what was said before tells nothing.
      if (op.rev > sidebar.meRev) {
        const { hidden } = sidebar;
        Object.assign(sidebar, createSidebar(sidebar.id), { isGone: true, meRev: op.rev, hidden });
      }
      return false;
    case "ws_head":
      return sidebar.isLoaded && op.rev > sidebar.rev;
    case "me_head":
      return sidebar.isLoaded && (op.rev > sidebar.meRev || hasMissedBadge(sidebar, op));
    default:
      return false;
  }
}

/** The newest message of a channel: a badge has the rev of its channel. */
export function foldTick(sidebar, op) {
  const entry = sidebar.channels.get(op.ch);
  if (!entry || op.last_rev < entry.lastRev) return;
  sidebar.version += 1;
  sidebar.channels.set(op.ch, { ...entry, ...badgeOf(op) });
}

/** The newest message of a channel; of a direct conversation also which of its messages count, and when the last was. */
function badgeOf({ last, last_rev: lastRev, seqs, at }) {
  return seqs ? { last, lastRev, seqs, at } : { last, lastRev };
}

/** How far one has read; what set a cursor back has the person's rev besides, and a mark that is missed is noticed. */
export function foldCursor(sidebar, channel, cursor) {
  const entry = sidebar.channels.get(channel);
  if (!entry || !isFurther(cursor, entry)) return;
  sidebar.version += 1;
  sidebar.channels.set(channel, { ...entry, ...cursor });
}

/**
 * Cursors and newest messages have no rev that counts them all: the heads add them up. A tab with other sums has missed
 * one when the same is said twice, since what was on its way has come by then. Of the same sums it asks once.
 */
function hasMissedBadge(sidebar, op) {
  if (op.read === undefined) return false;
  const said = `${op.read} ${op.last}`;
  const isSettled = said === sidebar.sums;
  sidebar.sums = said;
  const entries = [...sidebar.channels.values()];
  const here = `${entries.reduce((sum, { read }) => sum + read, 0)} ${entries.reduce((sum, { last }) => sum + last, 0)}`;
  if (!isSettled || said === here || said === sidebar.askedFor) return false;
  sidebar.askedFor = said;
  return true;
}

/** What a channel's badge shows: whether there is anything to read, and in a direct conversation how many messages. */
export function unreadOf({ c, last, read, seqs }) {
  const unread = last > read;
  if (!unread || c.kind !== "direct") return { unread, count: 0 };
  const known = seqs?.findIndex((seq) => seq <= read) ?? 1; // the newest is the first
  const count = known < 0 ? seqs.length : known;
  return { unread, count: Math.min(Math.max(count, 1), COUNT_LIMIT + 1) };
}

/** What is unread in all of these workspaces, but for what is looked at: how many direct messages, and whether anything. */
export function totalUnread(sidebars, isLookedAt) {
  const total = { count: 0, unread: false };
  for (const { channels } of sidebars) {
    for (const entry of channels.values()) {
      if (entry.c.archived || isLookedAt(entry.c.id)) continue;
      const { unread, count } = unreadOf(entry);
      total.count += count;
      total.unread ||= unread;
    }
  }
  return total;
}

export function unreadIn({ channels }) {
  return [...channels.values()].filter((entry) => !entry.c.archived && isUnread(entry));
}

export const isUnread = (entry) => unreadOf(entry).unread;

/** The person's rev came with an op that is about something else. */
export function hearPerson(sidebar, rev) {
  return hear(sidebar, "meRev", rev);
}

/** A draft has a `rev` of its own; the higher one wins. */
export function foldDraft(sidebar, op) {
  if (sidebar.isGone) return;
  sidebar.version += 1;
  putDraft(sidebar, op);
}

function putDraft(sidebar, { ch, source, rev }) {
  if (rev > (sidebar.drafts.get(ch)?.rev ?? 0)) sidebar.drafts.set(ch, { source, rev });
}

/** Whether everybody in the workspace may read a channel, as far as is known: its view may be from before it was hidden. */
export function isPublic(sidebar, c) {
  return c?.kind === "public" && c.rev > (sidebar.hidden.get(c.id) ?? 0);
}

/** Whether a channel stands in the sidebar: an archived one does not, nor a closed conversation without news. */
export function isShown(entry) {
  return !entry.c.archived && (entry.c.kind !== "direct" || entry.last > entry.closed);
}

export function hasUnread(sidebar) {
  return [...sidebar.channels.values()].some((entry) => isUnread(entry) && isShown(entry));
}

/** A count as it is shown: nothing for none, "99+" for more than one needs to know. */
export function countText(count) {
  return count > COUNT_LIMIT ? `${COUNT_LIMIT}+` : String(count || "");
}

function looksOf({ name, icon, hue, rev }) {
  return { name, icon, hue, workspaceRev: rev };
}

function load(sidebar, op) {
  const isLate = op.rev < sidebar.rev || op.me_rev < sidebar.meRev; // read before something that is known
  if (!isLate || !sidebar.isGone) op.drafts.forEach((draft) => putDraft(sidebar, draft));
  if (isLate && (sidebar.isLoaded || sidebar.isGone)) return op.rev > sidebar.rev || op.me_rev > sidebar.meRev;
  const before = sidebar.channels;
  sidebar.channels = new Map();
  op.channels.forEach((entry) => putChannel(sidebar, entry, before.get(entry.c.id)));
  Object.assign(sidebar, {
    isLoaded: true,
    isGone: false,
    rev: op.rev,
    meRev: op.me_rev,
    ...looksOf(op.w),
    role: op.role,
    installs: op.installs,
    creates: op.creates,
    first: op.first,
    me: op.me,
  });
  return false;
}

function putChannel(sidebar, op, known) {
  const { c, read, rr, closed } = op;
  const entry = { c, read, rr, closed, ...badgeOf(op) };
  if (known?.c.rev > c.rev) entry.c = known.c;
  if (known && isFurther(known, entry)) Object.assign(entry, { read: known.read, rr: known.rr });
  if (known?.lastRev > entry.lastRev) Object.assign(entry, badgeOf({ ...known, last_rev: known.lastRev }));
  sidebar.channels.set(c.id, entry);
}

function hear(sidebar, which, rev) {
  if (rev <= sidebar[which]) return false;
  const isNext = rev === sidebar[which] + 1;
  if (isNext) sidebar[which] = rev;
  return sidebar.isLoaded && !isNext;
}

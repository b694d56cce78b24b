// All that is live in this tab: people, the workspace, the channels' feeds. Ops come in, listeners are told once a frame.
import { createFeed, foldIntoFeed } from "./feed.js";
import { createSidebar, foldCursor, foldIntoSidebar } from "./sidebar.js";

const HIDDEN_FLUSH_MS = 200; // a hidden tab has no animation frames

const FEED_OPS = new Set(["page", "changes", "older", "new", "edit", "delete", "head"]);
const SIDEBAR_OPS = new Set(["sidebar", "workspace", "user", "channel", "joined", "left", "role", "gone", "ws_head", "me_head"]);

export function createStore() {
  const users = new Map();
  const feeds = new Map();
  const sidebars = new Map();
  const listeners = new Set();
  const handlers = { missedInChannel: () => {}, missedInWorkspace: () => {}, said: () => {} };
  let version = 0;
  let isArmed = false;
  let me = "";

  function feed(channel) {
    if (!feeds.has(channel)) feeds.set(channel, createFeed(channel));
    return feeds.get(channel);
  }

  function sidebar(workspace) {
    if (!sidebars.has(workspace)) sidebars.set(workspace, createSidebar(workspace));
    return sidebars.get(workspace);
  }

  function meet(user) {
    const known = users.get(user.id);
    if (!known || known.rev < user.rev) users.set(user.id, user);
  }

  function flush() {
    if (!isArmed) return;
    isArmed = false;
    version += 1;
    listeners.forEach((listener) => listener());
  }

  function touch() {
    if (isArmed) return;
    isArmed = true;
    if (typeof requestAnimationFrame === "function") requestAnimationFrame(flush);
    setTimeout(flush, HIDDEN_FLUSH_MS);
  }

  function apply(op) {
    if (!op?.k) return;
    op.us?.forEach(meet);
    if (op.u) meet(op.u);
    if (op.me) {
      meet(op.me);
      me = op.me.id;
    }
    if (FEED_OPS.has(op.k)) {
      const target = feed(op.ch);
      if (op.k === "page" || op.k === "changes") foldChannel(op);
      if (foldIntoFeed(target, op)) handlers.missedInChannel(op.ch);
    } else if (op.k === "absent") {
      Object.assign(feed(op.ch), createFeed(op.ch), { isAbsent: true });
    } else if (op.k === "read" || op.k === "tick") {
      foldCursor(sidebar(op.ws ?? workspaceOf(op.ch)), op);
      if (op.k === "read") feed(op.ch).read = Math.max(feed(op.ch).read, op.seq);
    } else if (SIDEBAR_OPS.has(op.k)) {
      const missed = foldIntoSidebar(sidebar(op.ws), op);
      if (op.k === "channel") foldFeedChannel(op.c);
      if (op.k === "joined") Object.assign(feed(op.c.id), { joined: true });
      if (op.k === "left") forget(op.ch);
      if (missed) handlers.missedInWorkspace(op.ws);
    }
    handlers.said(op);
    touch();
  }

  // A channel that one looks at without being in it is in no sidebar: its name and topic are kept with the feed.
  function foldFeedChannel(c) {
    const target = feed(c.id);
    if (!target.about || target.about.rev < c.rev) target.about = c;
  }

  function foldChannel(op) {
    foldFeedChannel(op.c);
    foldIntoSidebar(sidebar(op.c.ws), { k: "channel", ws: op.c.ws, c: op.c });
    foldCursor(sidebar(op.c.ws), { k: "tick", ch: op.ch, last: op.last });
  }

  function forget(channel) {
    const target = feed(channel);
    const isPublic = target.about?.kind === "public";
    if (isPublic) target.joined = false;
    else Object.assign(target, createFeed(channel), { isAbsent: target.isOpen });
  }

  function workspaceOf(channel) {
    for (const [id, { channels }] of sidebars) if (channels.has(channel)) return id;
    return "";
  }

  return {
    apply,
    feed,
    sidebar,
    touch,
    flush,
    handlers,
    user: (id) => users.get(id),
    me: () => me && users.get(me),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    version: () => version,
  };
}

/** The store of this tab. */
export const store = createStore();

// All that is live in this tab: people, the workspace, the channels' feeds. Ops come in, listeners are told once a frame.
import { cursorOf, moveFeedCursor } from "./cursor.js";
import { createFeed, foldIntoFeed } from "./feed.js";
import { createListeners } from "./observed.js";
import { createQuestions } from "./questions.js";
import { createWorkspaces, differing, foldWorkspaces, isWanted } from "./workspaces.js";
import { createSidebar, foldCursor, foldDraft, foldIntoSidebar, foldTick, hearPerson, isPublic } from "./sidebar.js";

const HIDDEN_FLUSH_MS = 200; // a hidden tab has no animation frames

const FEED_OPS = new Set(["page", "around", "changes", "older", "newer", "new", "edit", "delete", "head"]);
const CHANNEL_OPS = new Set(["page", "around", "changes"]); // they tell of the channel itself, too
const SIDEBAR_OPS = new Set(["sidebar", "workspace", "channel", "hidden", "joined", "left", "closed", "role", "gone", "person", "ws_head", "me_head"]);

export function createStore() {
  const users = new Map();
  const feeds = new Map();
  const sidebars = new Map();
  const workspaces = createWorkspaces();
  const questions = createQuestions();
  const { tell, subscribe } = createListeners();
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
    tell();
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
    if (FEED_OPS.has(op.k)) applyToFeed(op);
    else if (op.k === "absent") applyAbsent(op);
    else if (op.k === "workspaces") applyWorkspaces(op);
    else if (op.k === "tick") foldTick(sidebar(workspaceOf(op.ch)), op);
    else if (op.k === "read") applyCursors(op, { [op.ch]: [op.seq, op.rr] });
    else if (op.k === "read_all") applyCursors(op, op.cursors);
    else if (op.k === "draft") foldDraft(sidebar(op.ws), op);
    else if (SIDEBAR_OPS.has(op.k)) applyToSidebar(op);
    questions.hear(op, askAgain);
    handlers.said(op);
    touch();
  }

  function askAgain(id) {
    if (sidebars.has(id)) handlers.missedInWorkspace(id);
    else handlers.missedInChannel(id);
  }

  function applyToFeed(op) {
    const target = feed(op.ch);
    const isMissing = foldIntoFeed(target, op);
    if (CHANNEL_OPS.has(op.k)) applyChannel(target, op);
    else if (op.last !== undefined) foldTick(sidebar(workspaceOf(op.ch)), { ...op, last_rev: op.rev }); // as a tick
    if (isMissing) handlers.missedInChannel(op.ch);
  }

  /** What a page says of the channel itself, of its badge and of one's place in it. */
  function applyChannel(target, op) {
    const side = sidebar(op.c.ws);
    describe(target, op.c);
    foldIntoSidebar(side, { k: "channel", c: op.c });
    foldTick(side, { ch: op.ch, last: op.last, last_rev: op.rev, seqs: op.seqs, at: op.at });
    if (op.joined) foldCursor(side, op.ch, cursorOf(op));
    const isNews = op.me_rev > side.meRev;
    if (isNews && side.isLoaded) handlers.missedInWorkspace(op.c.ws);
    const isOfBefore = op.c.kind === "public" && !isPublic(side, op.c); // read before it was hidden
    if (isOfBefore || (!isNews && (side.isLoaded || side.isGone))) settle(target, side);
  }

  function applyAbsent(op) {
    const workspace = workspaceOf(op.ch);
    empty(feed(op.ch));
    if (workspace) handlers.missedInWorkspace(workspace); // the sidebar says otherwise: one of both is late
  }

  function applyCursors(op, cursors) {
    const side = sidebar(op.ws);
    for (const [channel, [read, rr]] of Object.entries(cursors)) {
      foldCursor(side, channel, { read, rr });
      moveFeedCursor(feed(channel), { read, rr }, newestIn(channel, side));
    }
    if (op.rev && hearPerson(side, op.rev)) handlers.missedInWorkspace(op.ws);
  }

  function newestIn(channel, side) {
    return Math.max(feed(channel).list.at(-1)?.seq ?? 0, side.channels.get(channel)?.last ?? 0);
  }

  /** A head of the list of workspaces: one came or went unheard. */
  function applyWorkspaces(op) {
    if (workspaces.rev) differing(workspaces, sidebars, op.ids).forEach((id) => handlers.missedInWorkspace(id));
  }

  /** Something of one's own is said of a workspace that this tab is not in and should be. */
  function isNewWorkspace(side, op) {
    if (side.isLoaded || !workspaces.rev || (op.k !== "me_head" && op.k !== "joined")) return false;
    return op.rev > side.meRev && isWanted(workspaces, op.ws);
  }

  function applyToSidebar(op) {
    const side = sidebar(op.ws);
    const isNew = isNewWorkspace(side, op);
    const heard = side.isLoaded ? side.rev : Infinity;
    const isMissing = foldIntoSidebar(side, op) || isNew;
    foldWorkspaces(workspaces, op);
    const isSeen = side.channels.has(op.c?.id) || (isPublic(side, op.c) && !side.isGone);
    if (op.k === "channel" && isSeen) describe(feed(op.c.id), op.c);
    if (op.k === "joined") settle(feed(op.c.id), side);
    if (op.k === "left" && feeds.has(op.ch)) settle(feed(op.ch), side);
    if (op.k === "hidden" && feeds.has(op.ch)) settle(feed(op.ch), side);
    if (op.k === "sidebar" || op.k === "gone") settleAll(side);
    if (op.k === "sidebar" && side.rev > heard) lookAgain(side);
    if (isMissing) handlers.missedInWorkspace(op.ws);
  }

  // A channel that one looks at without being in it is in no sidebar: its name and topic are kept with the feed.
  function describe(target, c) {
    if (!target.about || target.about.rev < c.rev) target.about = c;
  }

  function settleAll(side) {
    if (!side.isLoaded && !side.isGone) return;
    for (const target of feeds.values()) {
      if (target.about?.ws === side.id || side.channels.has(target.channel)) settle(target, side);
    }
  }

  /** Something was not heard of the workspace: a channel that one only looks at may have been hidden. */
  function lookAgain(side) {
    for (const target of feeds.values()) {
      if (target.about?.ws === side.id && target.isOpen && !target.joined) handlers.missedInChannel(target.channel);
    }
  }

  /** One's place in a channel is what the sidebar says; of a channel one may not read nothing stays here. */
  function settle(target, side) {
    const entry = side.channels.get(target.channel);
    target.joined = Boolean(entry);
    if (entry) moveFeedCursor(target, cursorOf(entry), newestIn(target.channel, side));
    if (!target.joined && (side.isGone || !isPublic(side, target.about))) empty(target);
    if (target.joined && target.isAbsent) {
      target.isAbsent = false;
      handlers.missedInChannel(target.channel);
    }
  }

  function empty(target) {
    const { ask, base, version } = target;
    Object.assign(target, createFeed(target.channel), { ask, base, version: version + 1, isAbsent: true });
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
    questions,
    sidebars: () => [...sidebars.values()],
    user: (id) => users.get(id),
    workspaces: () => workspaces.list.filter(({ id }) => !sidebars.get(id)?.isGone),
    me: () => me && users.get(me),
    /** Who has spoken in what was read of a workspace's channels. */
    speakers(workspace) {
      const here = [...feeds.values()].filter((target) => target.about?.ws === workspace);
      const ids = new Set(here.flatMap((target) => target.list.map((row) => row.author)));
      return [...ids].map((id) => users.get(id)).filter(Boolean);
    },
    subscribe,
    version: () => version,
  };
}

/** The store of this tab. */
export const store = createStore();

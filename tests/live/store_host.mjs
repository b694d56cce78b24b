// Holds browser stores for the tests: one JSON command a line comes in, one JSON answer a line goes out.
import { createInterface } from "node:readline";

const { dueIn, release } = await import(new URL("../../assets/live/cursor.js", import.meta.url));
const { totalUnread, unreadOf } = await import(new URL("../../assets/live/sidebar.js", import.meta.url));
const { createStore } = await import(new URL("../../assets/live/store.js", import.meta.url));
const { trimFeed } = await import(new URL("../../assets/live/feed.js", import.meta.url));
const { Watch } = await import("./watch.mjs");
const tabs = new Map();

function open(name) {
  const store = createStore();
  const tab = { store, channels: new Set(), workspaces: new Set() };
  store.handlers.missedInChannel = (channel) => tab.channels.add(channel);
  store.handlers.missedInWorkspace = (workspace) => tab.workspaces.add(workspace);
  tabs.set(name, tab);
  return null;
}

/** What is missed since the last call, also by what a timer says: as link.js it asks for each once. */
function apply(tab, ops) {
  const { store, channels, workspaces } = tab;
  ops.forEach((op) => {
    store.apply(op);
    tab.watch?.look(op);
  });
  const missed = { channels: [...channels], workspaces: [...workspaces] };
  channels.clear();
  workspaces.clear();
  return missed;
}

function feed({ store }, channel) {
  const { about, rev, floor, ceiling, newer, list, older, loadingOlder, joined, read, rr, isHeld, isOpen, isAbsent } = store.feed(channel);
  const { rows, aside, keys, base, leftAt, news, isNewsWhole } = store.feed(channel);
  const authors = Object.fromEntries(list.map(({ author }) => [author, store.user(author)]));
  const kept = JSON.stringify([...rows.values(), ...aside.values(), ...keys, about]);
  return {
    about, rev, floor, ceiling, newer, list, older, loadingOlder, joined, read, rr, isHeld, isOpen, isAbsent, authors, kept,
    base, leftAt, news: news.size, isNewsWhole,
  };
}

function sidebar({ store }, workspace) {
  const { isLoaded, isGone, rev, meRev, name, icon, hue, role, me, channels, drafts } = store.sidebar(workspace);
  return { isLoaded, isGone, rev, meRev, name, icon, hue, role, me, channels: Object.fromEntries(channels), drafts: Object.fromEntries(drafts) };
}

/** The ids of the workspaces in the rail. */
function workspaces({ store }) {
  return store.workspaces().map(({ id }) => id);
}

/** As list.js does when it asks for an older page. */
function beginOlder({ store }, channel) {
  store.feed(channel).loadingOlder = true;
  return null;
}

/** As list.js does when a channel comes onto the screen. */
function look({ store }, channel) {
  release(store.feed(channel));
  store.feed(channel).told = 0;
  return null;
}

/** As list.js does a moment after it shows the end: what to say of one's cursor, or null. */
function readTo({ store }, channel) {
  const feed = store.feed(channel);
  const seq = dueIn(feed);
  if (!seq) return null;
  feed.told = seq;
  return { seq, rr: feed.rr };
}

/** What the sidebar shows of each channel. */
function badges({ store }, workspace) {
  return Object.fromEntries([...store.sidebar(workspace).channels].map(([id, entry]) => [id, unreadOf(entry)]));
}

/** What the browser's tab shows while one looks at nothing. */
function total({ store }) {
  return totalUnread(store.sidebars(), () => false);
}

/** As link.js does when it asks for a page or for what was missed. */
function ask({ store }, channel) {
  store.feed(channel).told = 0;
  store.feed(channel).ask += 1;
  store.questions.ask(channel);
  return store.feed(channel).ask;
}

/** As link.js does when it comes into a workspace. */
function come({ store }, workspace) {
  store.questions.ask(workspace);
  return store.sidebar(workspace).rev;
}

function waitMs({ store }) {
  return store.questions.waitMs();
}

/** From now on look at each message after each op. */
function watch(tab) {
  tab.watch = new Watch(tab.store);
  return null;
}

function regressions(tab) {
  return tab.watch.found;
}

/** As list.js does when too much is loaded. */
function trim({ store }, { channel, limit, newest }) {
  trimFeed(store.feed(channel), limit, newest);
  return null;
}

const commands = { apply, feed, sidebar, workspaces, beginOlder, look, readTo, badges, total, ask, come, waitMs, trim, watch, regressions };

for await (const line of createInterface({ input: process.stdin })) {
  const { tab, command, argument } = JSON.parse(line);
  const answer = command === "open" ? open(tab) : commands[command](tabs.get(tab), argument);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

// Messages on their way. Each is kept, also across reloads, until the server has said yes or no; its client key makes
// sure that however often it is sent it is stored once.
import { request, TOO_MANY_STATUS } from "./request.js";
import { store } from "./store.js";
import { newUuid } from "./uuid.js";

const PREFIX = "confab.outbox.";
const RETRY_MAX_MS = 10000;
const HOLD_MAX_SECONDS = 60;
const FINAL_STATUS = new Set([400, 403, 404, 409, 410, 413, 422]);

let me = "";
const entries = new Map(); // key → {key, by, ch, source, at, status, tries, error}
const busy = new Set(); // channels with a message under way: one at a time keeps the order
let heldUntil = 0; // the server asked to wait: it counts what a person sends, in whatever channel
let release = 0;

function slot(entry) {
  return `${PREFIX}${entry.by}.${entry.key}`;
}

function keep(entry) {
  const { key, ch, source, at } = entry;
  try {
    localStorage.setItem(slot(entry), JSON.stringify({ key, ch, source, at }));
  } catch (error) {
    console.warn("This message cannot be kept across a reload", error); // full, or switched off
  }
}

function drop(entry) {
  entries.delete(entry.key);
  localStorage.removeItem(slot(entry));
  store.touch();
}

function load() {
  for (let index = 0; index < localStorage.length; index += 1) {
    const name = localStorage.key(index);
    if (!name.startsWith(`${PREFIX}${me}.`)) continue;
    const entry = JSON.parse(localStorage.getItem(name));
    if (!entries.has(entry.key)) entries.set(entry.key, { ...entry, by: me, status: "pending", tries: 0 });
  }
}

/** What was typed before it was known by whom is this person's; another's waits in the storage for them. */
function handOver(userId) {
  for (const entry of [...entries.values()]) {
    if (entry.by) {
      entries.delete(entry.key);
      continue;
    }
    localStorage.removeItem(slot(entry));
    entry.by = userId;
    keep(entry);
  }
}

/** Later than all others: the clock may stand still, or go back. */
function now() {
  return Math.max(Date.now(), ...[...entries.values()].map(({ at }) => at + 1));
}

/** Nothing is sent for a while; then it goes on by itself. */
function hold(seconds) {
  const ms = Math.min(seconds, HOLD_MAX_SECONDS) * 1000;
  heldUntil = performance.now() + ms;
  clearTimeout(release);
  release = setTimeout(() => {
    heldUntil = 0;
    outbox.retry();
  }, ms);
}

/** Those who wait see that it is not the network. */
function showWaiting(channel) {
  waiting(channel).forEach((entry) => Object.assign(entry, { status: "waiting" }));
  store.touch();
}

async function send(entry) {
  entry.status = "pending";
  const body = { client_key: entry.key, source: entry.source };
  const answer = await request("POST", `/api/channels/${entry.ch}/messages`, body, { by: entry.by });
  const row = answer.body;
  // A page of another server on the way, as hotels have, says yes to everything: only the message itself counts.
  if (answer.ok && row.id) {
    store.apply({ k: "new", ch: row.ch, rev: row.rev, m: row });
    drop(entry);
  } else if (FINAL_STATUS.has(answer.status)) {
    Object.assign(entry, { status: "failed", error: answer.error });
    store.touch();
  } else if (answer.status === TOO_MANY_STATUS) {
    hold(answer.wait);
    showWaiting(entry.ch);
    return false;
  } else {
    entry.tries += 1;
    setTimeout(() => pump(entry.ch), Math.min(RETRY_MAX_MS, 500 * 2 ** entry.tries));
    return false;
  }
  return true;
}

async function pump(channel) {
  if (busy.has(channel)) return;
  if (performance.now() < heldUntil) return showWaiting(channel);
  busy.add(channel);
  try {
    for (let next; (next = waiting(channel)[0]); ) if (!(await send(next))) break;
  } finally {
    busy.delete(channel);
  }
}

function waiting(channel) {
  return pending(channel).filter((entry) => entry.status !== "failed");
}

function pending(channel) {
  return [...entries.values()].filter((entry) => entry.ch === channel).sort((a, b) => a.at - b.at);
}

export const outbox = {
  /** What is not yet, or could not be, sent in a channel, oldest first. */
  pending,
  /** Take a message; it is on one's own screen at once. */
  post(channel, source) {
    const entry = { key: newUuid(), by: me, ch: channel, source, at: now(), status: "pending", tries: 0 };
    entries.set(entry.key, entry);
    keep(entry);
    store.touch();
    pump(channel);
  },
  /** Try a refused message once more. */
  again(key) {
    const entry = entries.get(key);
    if (!entry) return;
    Object.assign(entry, { status: "pending", error: null });
    store.touch();
    pump(entry.ch);
  },
  /** Give a refused message up. */
  discard(key) {
    const entry = entries.get(key);
    if (entry) drop(entry);
  },
  /** Now it is known who is here: take up what an earlier page left. */
  wake(userId) {
    if (me === userId) return;
    handOver(userId);
    me = userId;
    load();
    this.retry();
  },
  /** The connection is back: do not wait any longer. */
  retry() {
    new Set([...entries.values()].map((entry) => entry.ch)).forEach((channel) => pump(channel));
  },
};

if (typeof window !== "undefined") window.addEventListener("online", () => outbox.retry());

export const sendAgain = (key) => outbox.again(key);
export const discard = (key) => outbox.discard(key);

// What is written and not sent. At once in this browser's storage, a moment later on the server, and so on all devices
// of a person. Each copy says which `rev` it was made from: the server refuses a late one and answers with the newer.
import { createListeners } from "./observed.js";
import { request, TOO_MANY_STATUS } from "./request.js";
import { store } from "./store.js";
import { lengthOf, MESSAGE_MAX_CHARACTERS } from "./message_length.js";

const TEXT = "confab.draft.";
const MARK = "confab.draft_mark."; // {rev, isSaved}
const SAVE_AFTER_MS = 1000;
const TYPING_MS = 5000; // so long after a key nothing from elsewhere is put under one's hands

let me = "";
const entries = new Map(); // channel → {text, saved, rev, typedAt, timer, sending}
const { tell, subscribe } = createListeners();

function entryOf(channel) {
  if (!entries.has(channel)) entries.set(channel, load(channel));
  return entries.get(channel);
}

function load(channel) {
  const text = localStorage.getItem(`${TEXT}${me}.${channel}`) ?? "";
  const mark = JSON.parse(localStorage.getItem(`${MARK}${me}.${channel}`) ?? "null") ?? { rev: 0, isSaved: text === "" };
  return { text, saved: mark.isSaved ? text : null, rev: mark.rev, typedAt: -TYPING_MS, timer: 0, sending: null };
}

function keep(channel, entry) {
  const mark = { rev: entry.rev, isSaved: entry.text === entry.saved };
  try {
    put(`${TEXT}${me}.${channel}`, entry.text);
    put(`${MARK}${me}.${channel}`, mark.rev || !mark.isSaved ? JSON.stringify(mark) : "");
  } catch (error) {
    console.warn("This draft cannot be kept across a reload", error); // full, or switched off
  }
}

function put(slot, value) {
  if (value) localStorage.setItem(slot, value);
  else localStorage.removeItem(slot);
}

/** Two texts of which neither came from the other: what is in one is kept, and nothing typed is lost. */
export function joined(here, there) {
  if (!there.trim() || here.includes(there)) return here;
  if (!here.trim() || there.includes(here)) return there;
  return `${there}\n\n${here}`;
}

function isTyping(entry) {
  return Date.now() - entry.typedAt < TYPING_MS;
}

/** The draft as the server has it, from an op, a sidebar or an answer. */
function hear(channel, draft) {
  const entry = entryOf(channel);
  const { source, rev } = draft;
  if (!me || rev <= entry.rev) return;
  const wasSaved = entry.text === entry.saved;
  const isOwn = source === entry.sending || source === entry.text;
  if (wasSaved && !isOwn && isTyping(entry)) {
    setTimeout(() => entries.get(channel) === entry && hear(channel, draft), TYPING_MS); // when the hands rest
    return;
  }
  Object.assign(entry, { rev, saved: source });
  if (!isOwn && !isTyping(entry)) {
    entry.text = wasSaved ? source : joined(entry.text, source);
    tell();
    store.touch();
  }
  keep(channel, entry);
  if (entry.text !== entry.saved) saveSoon(channel, entry);
}

function saveSoon(channel, entry) {
  clearTimeout(entry.timer);
  entry.timer = setTimeout(() => save(channel, entry), SAVE_AFTER_MS);
}

function isDue(entry) {
  return entry.text !== entry.saved && entry.sending === null && lengthOf(entry.text) <= MESSAGE_MAX_CHARACTERS;
}

/** One copy at a time is under way: its answer says which `rev` the next is made from. */
async function save(channel, entry, isLeaving = false) {
  clearTimeout(entry.timer);
  if (!isDue(entry)) return;
  const by = me;
  entry.sending = entry.text;
  const copy = { source: entry.text, rev: entry.rev };
  const answer = await request("PUT", `/api/channels/${channel}/draft`, copy, { keepalive: isLeaving, by });
  if (by !== me) return; // somebody else has logged in
  if (answer.ok && answer.body.ch) {
    hear(channel, answer.body);
    // The same text as the server has changes no `rev`; a lower one is that of a database put back from a backup.
    if (answer.body.rev === entry.rev) entry.saved = answer.body.source;
    entry.rev = answer.body.rev;
    keep(channel, entry);
  }
  entry.sending = null;
  // Refused or unheard, it stays here, and is tried again with the next key or the next connection.
  if (answer.status === TOO_MANY_STATUS) setTimeout(() => save(channel, entry), answer.wait * 1000);
  else if (answer.ok && entry.text !== entry.saved) saveSoon(channel, entry);
}

export const drafts = {
  text: (channel) => entryOf(channel).text,
  /** What was typed, in this browser's storage at once. */
  write(channel, text) {
    const entry = entryOf(channel);
    const hadText = entry.text !== "";
    Object.assign(entry, { text, typedAt: Date.now() });
    keep(channel, entry);
    tell();
    if (hadText !== (text !== "")) store.touch(); // the mark in the sidebar
    saveSoon(channel, entry);
  },
  /** It was sent: nobody is typing it any more. */
  clear(channel) {
    const entry = entryOf(channel);
    this.write(channel, "");
    entry.typedAt = -TYPING_MS;
    save(channel, entry);
  },
  hear({ ch, source, rev }) {
    hear(ch, { source, rev });
  },
  /** Do not wait for the pause: one looks elsewhere, or the page goes. */
  flush(isLeaving = false) {
    entries.forEach((entry, channel) => save(channel, entry, isLeaving));
  },
  /** Now it is known who is here: take up what an earlier page left. */
  wake(userId) {
    if (me === userId) return;
    entries.forEach((entry) => clearTimeout(entry.timer));
    entries.clear();
    me = userId;
    const prefix = `${TEXT}${me}.`;
    const names = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index));
    names.filter((name) => name.startsWith(prefix)).forEach((name) => entryOf(name.slice(prefix.length)));
    tell();
  },
  subscribe,
};

if (typeof window !== "undefined") {
  window.addEventListener("pagehide", () => drafts.flush(true));
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && drafts.flush(true));
}

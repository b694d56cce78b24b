// From a feed and the outbox to the rows on the screen. A row whose message, neighbour and author are the same objects
// as before is the same object as before: neither this file nor React does any work for it.
import { dayName, dayOf, exactTimeOf, initialsOf, shortTimeOf, timeOf } from "./format.js";
import { outbox } from "./outbox.js";
import { pathOf } from "./place.js";
import { preferences } from "./preferences.js";
import { store } from "./store.js";
import { refusalText } from "./texts.js";

const GROUP_MS = 5 * 60 * 1000;

/** A function from a feed to its rows that remembers what it gave before. */
export function createRowCache() {
  let cache = new Map();
  return (feed, editing, moderates, firstNew) => {
    const next = new Map();
    const rows = [];
    const me = store.me()?.id ?? "";
    const today = dayOf(Date.now());
    const { clock } = preferences.get(); // how times are written
    let above = null;
    const put = (message) => {
      const isNew = message.id === firstNew;
      const author = store.user(message.author);
      const { joined, about } = feed;
      const inputs = [message, above, author, editing === message.id, moderates, me, joined, isNew, about?.ws, about?.archived, today, clock];
      const known = cache.get(message.id);
      const kept = known && inputs.every((input, index) => input === known.inputs[index]) ? known : { inputs, row: rowOf(...inputs) };
      next.set(message.id, kept);
      rows.push(kept.row);
      above = message;
    };
    // The oldest loaded one is not shown while there are older ones: it says whether the next begins a day or a group,
    // so that a row on the screen never changes its height because a page came in above.
    if (feed.older) above = feed.list[0] ?? null;
    feed.list.slice(feed.older ? 1 : 0).forEach(put);
    // What is on its way stands after the newest message, and nowhere else.
    if (!feed.newer) {
      outbox
        .pending(feed.channel)
        .filter((entry) => !feed.keys.has(entry.key))
        .forEach((entry) => put(pendingMessage(entry, me)));
    }
    cache = next;
    return rows;
  };
}

const pendingMessages = new WeakMap(); // entry → {status, message}

function pendingMessage(entry, author) {
  const known = pendingMessages.get(entry);
  if (known?.status === entry.status && known.message.author === author) return known.message;
  const message = { ...entry, id: entry.key, author };
  pendingMessages.set(entry, { status: entry.status, message });
  return message;
}

function rowOf(message, above, author, editing, moderates, me, joined, isNew, workspace, archived) {
  const day = dayOf(message.at);
  const isNewDay = !above || dayOf(above.at) !== day;
  const name = author?.name ?? "";
  const isStored = Boolean(message.seq && workspace);
  return {
    id: message.id,
    channel: message.ch,
    path: isStored ? pathOf(workspace, message.ch, message.id) : "",
    html: message.html ?? "",
    source: message.source ?? "",
    status: message.status ?? "sent",
    refusal: message.error ? refusalText(message.error.code, message.error.parameters) : "",
    edited: Boolean(message.edited),
    editing,
    moderates,
    joined,
    writable: joined && !archived,
    mine: message.author === me,
    author: message.author,
    imported: author?.kind === "imported",
    name,
    hue: author?.hue ?? 0,
    initials: initialsOf(name),
    time: timeOf(message.at),
    short: shortTimeOf(message.at),
    exact: exactTimeOf(message.at),
    day: isNewDay ? dayName(day) : "",
    date: dayName(day),
    first_new: isNew,
    head: isNewDay || isNew || above.author !== message.author || message.at - above.at > GROUP_MS,
  };
}

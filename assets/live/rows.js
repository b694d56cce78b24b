// From a feed and the outbox to the rows on the screen. A row that looks the same keeps its identity, so that React
// renders only what changed.
import { dayName, dayOf, exactTimeOf, initialsOf, timeOf } from "./format.js";
import { outbox } from "./outbox.js";
import { store } from "./store.js";

const GROUP_MS = 5 * 60 * 1000;

export function createRowCache() {
  let cache = new Map();
  return (feed, editing, moderates) => {
    const next = new Map();
    const rows = [];
    let above = null;
    const put = (message) => {
      const row = rowOf(message, above, editing, moderates);
      const known = cache.get(row.id);
      const kept = known && isSame(known, row) ? known : row;
      next.set(kept.id, kept);
      rows.push(kept);
      above = message;
    };
    feed.list.forEach(put);
    const me = store.me();
    outbox
      .pending(feed.channel)
      .filter((entry) => !feed.keys.has(entry.key))
      .forEach((entry) => put({ ...entry, id: entry.key, author: me?.id ?? "" }));
    cache = next;
    return rows;
  };
}

function rowOf(message, above, editing, moderates) {
  const author = store.user(message.author);
  const day = dayOf(message.at);
  const isNewDay = !above || dayOf(above.at) !== day;
  const name = author?.name ?? "";
  return {
    id: message.id,
    seq: message.seq ?? 0,
    html: message.html ?? "",
    source: message.source ?? "",
    status: message.status ?? "sent",
    error: message.error?.code ?? "",
    edited: Boolean(message.edited),
    editing: editing === message.id,
    moderates,
    mine: message.author === store.me()?.id,
    author: message.author,
    name,
    hue: author?.hue ?? 0,
    initials: initialsOf(name),
    time: timeOf(message.at),
    exact: exactTimeOf(message.at),
    day: isNewDay ? dayName(day) : "",
    head: isNewDay || above.author !== message.author || message.at - above.at > GROUP_MS,
  };
}

function isSame(a, b) {
  for (const field in b) if (a[field] !== b[field]) return false;
  return true;
}

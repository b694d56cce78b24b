// Which message is being edited in this tab: one at a time.
import { store } from "./store.js";

let current = "";
const listeners = new Set();

export const editing = {
  get: () => current,
  set(id) {
    current = id;
    listeners.forEach((listener) => listener());
  },
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

export function startEdit(id) {
  editing.set(id);
}

/** Edit the newest message of one's own in a channel; false when there is none. */
export function editNewest(channel) {
  const me = store.me()?.id;
  const mine = store.feed(channel).list.findLast((row) => row.author === me);
  if (mine) editing.set(mine.id);
  return Boolean(mine);
}

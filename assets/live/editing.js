// Which message is being edited in this tab: one at a time.
import { createObserved } from "./observed.js";
import { store } from "./store.js";

/** The message's id; empty for none. */
export const editing = createObserved("");

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

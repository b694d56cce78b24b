// How far one has read a channel: {read, rr}. The higher `rr` wins, whatever its number: it rises when a cursor is set
// back, and when one comes into the channel again. Of two with the same `rr` the one that is further wins.

export function isFurther(a, b) {
  return a.rr > b.rr || (a.rr === b.rr && a.read > b.read);
}

export function cursorOf({ read, rr }) {
  return { read, rr };
}

/**
 * Move a feed's cursor. Set back in a channel that is open here, the mark holds: looking at the channel reads nothing
 * until it is opened again, or the cursor moves on for another reason. `last` is the newest message there is.
 */
export function moveFeedCursor(feed, cursor, last) {
  if (!isFurther(cursor, feed)) return;
  const isOther = cursor.rr > feed.rr;
  feed.isHeld = isOther && feed.isOpen && feed.joined && cursor.read < last;
  if (isOther) feed.told = 0; // what was told of the cursor before does not count
  Object.assign(feed, cursorOf(cursor));
}

/** Up to which message to say that one has read who looks at the end of the channel; 0 when there is nothing to say. */
export function dueIn(feed) {
  const newest = feed.list.at(-1)?.seq ?? 0;
  return feed.joined && !feed.isHeld && newest > Math.max(feed.read, feed.told) ? newest : 0;
}

/** The channel is opened: what stands in it is read from now on. */
export function release(feed) {
  feed.isHeld = false;
}

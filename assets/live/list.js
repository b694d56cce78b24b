// The virtualised list of a channel's messages. Rows are rendered in Python; this decides which, and where one looks.
import { createElement as h, memo, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { VList } from "virtua";
import { dueIn, release } from "./cursor.js";
import { editing } from "./editing.js";
import { leaveEnd, reachEnd, trimFeed } from "./feed.js";
import { jumpToLatest } from "./jump.js";
import { firstUnread, landing } from "./landing.js";
import { outbox } from "./outbox.js";
import { usePlace } from "./place.js";
import { preferences } from "./preferences.js";
import { onJump } from "./reading.js";
import { createRowCache } from "./rows.js";
import { store } from "./store.js";
import { t } from "./texts.js";

const NEAR_PX = 1200; // to an end of what is loaded: the next page comes before one is there
const NEAR_END_PX = 40;
const BUFFER_PX = 800; // rendered beyond what is seen, so that rows are measured before they are
const READ_AFTER_MS = 400;
const READ_EVERY_MS = 2000;
// More than that is work for each op, and memory; what goes at one end is loaded again when one comes there.
const LOADED_LIMIT_ROWS = 1000;
const LOADED_KEPT_ROWS = 800;
const MARKED_MS = 3000;
const SETTLE_FRAMES = 3; // until the list has measured what it was given, and stands where it was told
const FOCUS_FRAMES = 30;

const Slot = memo(({ message, row, isMarked }) =>
  h("div", { className: isMarked ? "message-marked" : undefined }, row(message)),
);

function useStoreVersion() {
  useSyncExternalStore(store.subscribe, store.version, store.version);
  useSyncExternalStore(editing.subscribe, editing.get, editing.get);
  useSyncExternalStore(preferences.subscribe, preferences.get, preferences.get);
}

/** Call later, after some frames; gives what takes that back. */
function afterFrames(count, act) {
  let id = 0;
  const step = (left) => {
    if (left) id = requestAnimationFrame(() => step(left - 1));
    else act();
  };
  step(count);
  return () => cancelAnimationFrame(id);
}

export function MessageList(props) {
  const { workspace, channel } = usePlace();
  // A channel of its own gets a list of its own: where one stood in another means nothing here.
  return h(ChannelList, { key: channel, workspace, channel, ...props });
}

function ChannelList({ workspace, channel, loading, absent, ...props }) {
  useStoreVersion();
  const feed = store.feed(channel);
  useLayoutEffect(() => release(feed), []);
  const visit = landing.of(channel);
  const toRows = useMemo(createRowCache, []);
  const moderates = store.sidebar(workspace).role !== "member";
  const rows = toRows(feed, editing.get(), moderates, firstUnread(feed));
  if (feed.isAbsent) return absent;
  const isElsewhere = visit.isNew && (feed.newer || visit.wanted.m); // what is loaded is not what one comes for
  if (isElsewhere || (!feed.isOpen && !rows.length)) return loading;
  // Another window has nothing of the one before: neither what was measured, nor where one stood.
  return h(Scroller, { key: feed.base, channel, feed, visit, rows, ...props });
}

function Scroller({ channel, feed, visit, rows, row, day, beginning, onOlder, onNewer, onRead }) {
  const list = useRef(null);
  const atEnd = useRef(true);
  const isLanding = useRef(true);
  const shift = useShift(rows);
  const above = feed.older ? 0 : 1; // the beginning stands above the rows
  const toEnd = () => list.current?.scrollToIndex(rows.length - 1 + above, { align: "end" });
  const setEnd = (isEnd) => {
    const isOther = isEnd !== (feed.leftAt === null);
    atEnd.current = isEnd;
    if (isOther) (isEnd ? reachEnd : leaveEnd)(feed);
    if (isOther) store.touch();
  };
  const [top, setTop] = useState("");

  const look = () => {
    const view = list.current;
    if (!view?.viewportSize || isLanding.current) return; // not measured yet: where it stands is not known
    const below = view.scrollSize - view.scrollOffset - view.viewportSize;
    setEnd(!feed.newer && below < NEAR_END_PX);
    const index = view.findItemIndex(view.scrollOffset);
    const topRow = rows[index - above];
    if (topRow) feed.eye = store.feed(channel).rows.get(topRow.id)?.seq ?? feed.eye;
    const isUnderItsDay = topRow && !(topRow.day && view.getItemOffset(index) >= view.scrollOffset);
    setTop(isUnderItsDay ? topRow.date : "");
    if (!feed.isOpen) return;
    if (view.scrollOffset < NEAR_PX && feed.older && !feed.loadingOlder) {
      feed.loadingOlder = true;
      store.questions.ask(channel);
      onOlder(channel, feed.floor);
    }
    if (below < NEAR_PX && feed.newer && !feed.loadingNewer) {
      feed.loadingNewer = true;
      store.questions.ask(channel);
      onNewer(channel, feed.ceiling);
    }
    if (feed.list.length > LOADED_LIMIT_ROWS && !editing.get()) {
      trimFeed(feed, LOADED_KEPT_ROWS, view.scrollOffset < below);
      store.touch();
    }
  };

  const line = rows.find(({ first_new: isFirst }) => isFirst)?.id; // it takes room when it comes
  useLayoutEffect(() => {
    if (atEnd.current && !feed.newer && rows.length) toEnd();
  }, [rows.length, rows[rows.length - 1], line]);
  const marked = useLanding({ list, visit, rows, above, toEnd, setEnd, isLanding, look });
  // Not before the list stands where the new rows put it: seen from the old place it would ask for one page too many.
  const latest = useRef(look);
  latest.current = look;
  useEffect(() => afterFrames(SETTLE_FRAMES, () => latest.current()), [rows.length, feed.version]);
  useReadCursor(channel, feed, atEnd, onRead);
  useOwnMessages(channel);
  useEffect(() => onJump(jumpToLatest), []);
  const frame = useShrinking(() => atEnd.current && toEnd());

  const items = h(
    VList,
    {
      ref: list,
      shift,
      bufferSize: BUFFER_PX,
      onScroll: look,
      onKeyDown,
      className: "message-list",
      role: "log",
      tabIndex: 0,
      "aria-label": t("messages.label"),
      "aria-live": "polite",
    },
    // Nothing may stand above the rows while more of them can come: the list would count it as one of them.
    ...(feed.older ? [] : [h("div", { key: "beginning" }, beginning)]),
    ...rows.map((message) => h(Slot, { key: message.id, message, row, isMarked: message.id === marked })),
  );
  return h(
    "div",
    { ref: frame, className: "message-frame" },
    top && h("div", { className: "day-top" }, h(TopDay, { day: top, render: day })),
    items,
  );
}

const TopDay = memo(({ day, render }) => render({ day }));

/** Whether rows came, or went, at the start: only then, and only in this very rendering, may the list keep its place from the end. */
function useShift(rows) {
  const before = useRef([]);
  const ids = rows.map(({ id }) => id);
  const was = before.current;
  useLayoutEffect(() => {
    before.current = ids;
  });
  return was.length > 0 && ids.length > 0 && ids[0] !== was[0] && (ids.includes(was[0]) || was.includes(ids[0]));
}

/** Come down where the visit says, once for each spot; gives the id of the row that is marked for a while. */
function useLanding({ list, visit, rows, above, toEnd, setEnd, isLanding, look }) {
  const { spot } = visit;
  const [marked, setMarked] = useState("");
  const latest = useRef(look);
  latest.current = look;
  useLayoutEffect(() => {
    const id = spot.at === "line" ? rows.find((row) => row.first_new)?.id : spot.id;
    const index = rows.findIndex((row) => row.id === id);
    isLanding.current = true;
    if (index < 0) {
      setEnd(!store.feed(visit.channel).newer);
      if (rows.length) toEnd();
    } else {
      setEnd(false);
      list.current?.scrollToIndex(index + above, { align: spot.align, offset: -(spot.above ?? 0) });
    }
    const stopSettling = afterFrames(SETTLE_FRAMES, () => {
      isLanding.current = false;
      latest.current();
    });
    const stopFocusing = index >= 0 && spot.isFocused ? focusRow(id, FOCUS_FRAMES) : () => {};
    const timer = spot.isMarked ? setTimeout(() => setMarked(""), MARKED_MS) : 0;
    setMarked(spot.isMarked ? id : "");
    return () => {
      stopSettling();
      stopFocusing();
      clearTimeout(timer);
    };
  }, [spot]);
  return marked;
}

/** Give a row the focus as soon as it is there. */
function focusRow(id, frames) {
  let stop = () => {};
  const attempt = (left) => {
    const row = document.querySelector(`.message-list [data-message="${CSS.escape(id)}"]`);
    if (row) row.focus({ preventScroll: true });
    else if (left) stop = afterFrames(1, () => attempt(left - 1));
  };
  attempt(frames);
  return () => stop();
}

/** Who writes is at the newest message from then on. */
function useOwnMessages(channel) {
  const newest = outbox.pending(channel).at(-1)?.key;
  const before = useRef(newest);
  useEffect(() => {
    if (newest && newest !== before.current) jumpToLatest();
    before.current = newest;
  }, [newest]);
}

/** `End` leads to the newest message, also where it is not loaded. */
function onKeyDown(event) {
  const isPlain = event.key === "End" && !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
  if (!isPlain || event.target.closest('input, textarea, select, [contenteditable], [role="menu"]')) return;
  event.preventDefault();
  jumpToLatest();
}

/** Tell when the list has less or more room: a growing composer must not cover what one was reading. */
function useShrinking(tell) {
  const frame = useRef(null);
  const latest = useRef(tell);
  latest.current = tell;
  useEffect(() => {
    const observer = new ResizeObserver(() => latest.current());
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  return frame;
}

/**
 * What stands on the screen of a tab that is looked at is read, a moment later; while much is said, told now and then.
 * Who leaves before it was told has read it all the same, if it stood there for that moment.
 * What was told counts until the tab opens the channel again: an event on a dead socket is lost.
 */
function useReadCursor(channel, feed, atEnd, onRead) {
  const timer = useRef(0);
  const dueSince = useRef(0);
  const toldAt = useRef(0);
  const tell = useRef(null);
  tell.current = () => {
    timer.current = 0;
    const newest = dueIn(feed);
    if (!newest || !atEnd.current || document.visibilityState !== "visible") return;
    feed.told = newest;
    toldAt.current = Date.now();
    onRead(channel, newest, feed.rr);
  };
  useEffect(() => {
    if (timer.current || !dueIn(feed)) return;
    dueSince.current = Date.now();
    const wait = Math.max(READ_AFTER_MS, toldAt.current + READ_EVERY_MS - Date.now());
    timer.current = setTimeout(() => tell.current(), wait);
  });
  useEffect(() => {
    const onVisible = () => tell.current();
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      clearTimeout(timer.current);
      if (timer.current && Date.now() - dueSince.current >= READ_AFTER_MS) tell.current();
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, []);
}

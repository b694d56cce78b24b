// The virtualised list of a channel's messages. Rows are rendered in Python; this decides which, and where one looks.
import { createElement as h, memo, useEffect, useLayoutEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { VList } from "virtua";
import { dueIn, release } from "./cursor.js";
import { editing } from "./editing.js";
import { usePlace } from "./place.js";
import { preferences } from "./preferences.js";
import { createRowCache } from "./rows.js";
import { store } from "./store.js";
import { t } from "./texts.js";

const NEAR_TOP_PX = 400;
const NEAR_END_PX = 40;
const BUFFER_PX = 800; // rendered beyond what is seen, so that rows are measured before they are
const READ_AFTER_MS = 400;
const READ_EVERY_MS = 2000;

const Slot = memo(({ message, row }) => row(message));

function useStoreVersion() {
  useSyncExternalStore(store.subscribe, store.version, store.version);
  useSyncExternalStore(editing.subscribe, editing.get, editing.get);
  useSyncExternalStore(preferences.subscribe, preferences.get, preferences.get);
}

export function MessageList({ row, loading, absent, beginning, onOlder, onRead }) {
  const { workspace, channel } = usePlace();
  // A channel of its own gets a list of its own: where one stood in another means nothing here.
  return h(ChannelList, { key: channel, workspace, channel, row, loading, absent, beginning, onOlder, onRead });
}

function ChannelList({ workspace, channel, row, loading, absent, beginning, onOlder, onRead }) {
  useStoreVersion();
  const feed = store.feed(channel);
  useLayoutEffect(() => release(feed), []);
  const toRows = useMemo(createRowCache, []);
  const moderates = store.sidebar(workspace).role !== "member";
  const rows = toRows(feed, editing.get(), moderates);
  if (feed.isAbsent) return absent;
  if (!feed.isOpen && !rows.length) return loading;
  return h(Scroller, { channel, feed, rows, row, beginning, onOlder, onRead });
}

function Scroller({ channel, feed, rows, row, beginning, onOlder, onRead }) {
  const list = useRef(null);
  const atEnd = useRef(true);
  const first = useRef(rows[0]?.id);
  // Rows came in above: only then, and only in this very rendering, may the list count its place from the end.
  const grewAbove = first.current !== undefined && rows[0]?.id !== first.current && rows.some(({ id }) => id === first.current);
  useLayoutEffect(() => {
    first.current = rows[0]?.id;
  });
  const toEnd = () => list.current?.scrollToIndex(rows.length - (feed.older ? 1 : 0), { align: "end" });
  useLayoutEffect(() => {
    if (atEnd.current && rows.length) toEnd();
  }, [rows.length, rows[rows.length - 1]]);
  useReadCursor(channel, feed, atEnd, onRead);
  const frame = useShrinking(() => atEnd.current && toEnd());

  const look = () => {
    const view = list.current;
    if (!view?.viewportSize) return; // not measured yet: where it stands is not known
    atEnd.current = view.scrollSize - view.scrollOffset - view.viewportSize < NEAR_END_PX;
    if (view.scrollOffset < NEAR_TOP_PX && feed.older && feed.isOpen && !feed.loadingOlder) {
      feed.loadingOlder = true;
      onOlder(channel, feed.floor);
    }
  };
  useEffect(look, [rows.length]);
  const items = h(
    VList,
    {
      ref: list,
      shift: grewAbove,
      bufferSize: BUFFER_PX,
      onScroll: look,
      className: "message-list",
      role: "log",
      tabIndex: 0,
      "aria-label": t("messages.label"),
      "aria-live": "polite",
    },
    // Nothing may stand above the rows while more of them can come: the list would count it as one of them.
    ...(feed.older ? [] : [h("div", { key: "beginning" }, beginning)]),
    ...rows.map((message) => h(Slot, { key: message.id, message, row })),
  );
  return h("div", { ref: frame, style: { height: "100%" } }, items);
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
 * What was told counts until the tab opens the channel again: an event on a dead socket is lost.
 */
function useReadCursor(channel, feed, atEnd, onRead) {
  const timer = useRef(0);
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
    const wait = Math.max(READ_AFTER_MS, toldAt.current + READ_EVERY_MS - Date.now());
    timer.current = setTimeout(() => tell.current(), wait);
  });
  useEffect(() => {
    const onVisible = () => tell.current();
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      clearTimeout(timer.current);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, []);
}

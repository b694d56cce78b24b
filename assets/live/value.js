// Live values in Python's components: each takes a rendering function from Python and gives it what it is about now.
import { createElement as h, Fragment, memo, useRef, useSyncExternalStore } from "react";
import { connection, delays } from "./connection.js";
import { dialogValue } from "./dialog.js";
import { drafts } from "./drafts.js";
import { compareNames, dayName, dayOf, initialsOf, momentOf } from "./format.js";
import { landing } from "./landing.js";
import { nameOf, wantName } from "./names.js";
import { usePlace } from "./place.js";
import { entranceOf } from "./last_channel.js";
import { preferences } from "./preferences.js";
import { countText, hasUnread, isShown, unreadIn, unreadOf } from "./sidebar.js";
import { standingIn } from "./standing.js";
import { store } from "./store.js";
import { t } from "./texts.js";
import { othersOf, titleOf } from "./titles.js";
import { typists } from "./typists.js";
import { version } from "./version.js";

const one = {
  workspace({ workspace }) {
    const { isLoaded, name, icon, hue, role, installs, creates } = store.sidebar(workspace);
    return {
      id: workspace,
      loaded: isLoaded,
      name,
      icon,
      hue,
      initials: initialsOf(name),
      administers: role !== "member",
      owns: role === "owner",
      installs,
      creates,
    };
  },
  rail() {
    return { shown: store.workspaces().length > 1 };
  },
  me() {
    const user = store.me();
    return user ? personOf(user) : { id: "", name: "", initials: "", hue: 0, handle: "" };
  },
  channel({ workspace, channel }) {
    const side = store.sidebar(workspace);
    const { about, isOpen, isAbsent, joined } = standingIn(workspace, channel);
    const { name = "", topic = "", purpose = "", kind = "", archived = false, by = "" } = about ?? {};
    return {
      id: channel,
      open: isOpen,
      absent: isAbsent,
      joined,
      name,
      title: titleOf(about, store),
      topic,
      purpose,
      archived,
      first: channel === side.first,
      manages: side.role !== "member" || (by !== "" && by === store.me()?.id),
      private: kind === "private",
      direct: kind === "direct",
      ...(kind === "direct" ? faceOf(about) : { notes: false, group: 0, person: "", initials: "", hue: 0 }),
    };
  },
  /** What a channel is, in words: for a dialog, since the name of who made it may have to be asked for. */
  about({ workspace, channel }) {
    const { purpose = "", topic = "", by = "", made = 0 } = store.feed(channel).about ?? {};
    return { purpose, topic, made: made ? madeText(workspace, by, made) : "" };
  },
  /** What the bar above the messages says. */
  landing({ channel }) {
    const { unread, isLost } = landing.of(channel);
    return { lost: isLost, unread: unread ? unreadText(unread) : "" };
  },
  /** What the button below them says; empty at the end. */
  latest({ channel }) {
    return { label: latestText(store.feed(channel)) };
  },
  /** What stands below where one writes. */
  typing({ channel }) {
    return { text: typingText(channel) };
  },
  unread({ workspace }) {
    return { channels: unreadIn(store.sidebar(workspace)).length };
  },
  /** What the open dialog was opened with. */
  dialog() {
    return { value: dialogValue() };
  },
  connection() {
    return { down: connection.get() === "down", late: delays.get(), stale: version.isStale() };
  },
  preferences() {
    return preferences.get();
  },
};

const many = {
  workspaces({ workspace }) {
    return store.workspaces().map((place) => {
      const side = store.sidebar(place.id);
      const { name, icon, hue } = side.isLoaded ? side : place;
      return {
        id: place.id,
        name,
        icon,
        hue,
        initials: initialsOf(name),
        path: entranceOf(side),
        current: place.id === workspace,
        unread: place.id !== workspace && hasUnread(side),
      };
    });
  },
  channels({ workspace, channel }) {
    return [...store.sidebar(workspace).channels.values()]
      .filter((entry) => entry.c.kind !== "direct" && isShown(entry))
      .sort((a, b) => compareNames(a.c.name, b.c.name))
      .map((entry) => ({
        id: entry.c.id,
        name: entry.c.name,
        private: entry.c.kind === "private",
        path: `/w/${workspace}/c/${entry.c.id}`,
        current: entry.c.id === channel,
        draft: entry.c.id !== channel && drafts.text(entry.c.id).trim() !== "",
        unread: badgeSeen(entry, channel).unread,
      }));
  },
  directs({ workspace, channel }) {
    return [...store.sidebar(workspace).channels.values()]
      .filter((entry) => entry.c.kind === "direct" && (isShown(entry) || entry.c.id === channel))
      .sort((a, b) => b.at - a.at)
      .map((entry) => ({ entry, badge: badgeSeen(entry, channel) }))
      .map(({ entry, badge }) => ({
        id: entry.c.id,
        title: titleOf(entry.c, store),
        path: `/w/${workspace}/c/${entry.c.id}`,
        current: entry.c.id === channel,
        unread: badge.unread,
        draft: entry.c.id !== channel && drafts.text(entry.c.id).trim() !== "",
        count: countText(badge.count),
        ...faceOf(entry.c),
      }));
  },
};

function madeText(workspace, by, made) {
  const date = dayName(dayOf(made));
  const maker = by ? nameOf(workspace, "user", by) : { isAbsent: true };
  if (!maker) wantName(workspace, "user", by);
  return maker?.name ? t("channel.made_by", { date, name: maker.name }) : date;
}

const COUNTED_LIMIT = 999; // as the server counts

function unreadText({ n, at }) {
  const since = momentOf(at);
  if (n > COUNTED_LIMIT) return t("unread.bar_many", { limit: COUNTED_LIMIT, since });
  return n === 1 ? t("unread.bar_one", { since }) : t("unread.bar", { count: n, since });
}

function typingText(channel) {
  const me = store.me()?.id;
  const names = typists.of(channel).filter((id) => id !== me).map((id) => store.user(id)?.name).filter(Boolean);
  const [name = "", other = ""] = names;
  if (names.length > 2) return t("typing.many");
  if (names.length === 2) return t("typing.two", { name, other });
  return name && t("typing.one", { name });
}

function latestText({ isOpen, isAbsent, leftAt, news, isNewsWhole }) {
  if (!isOpen || isAbsent || leftAt === null) return "";
  const me = store.me()?.id;
  const count = [...news.values()].filter(({ author }) => author !== me).length;
  if (!isNewsWhole) return t("latest.some");
  if (!count) return t("latest.jump");
  return count === 1 ? t("latest.one") : t("latest.many", { count });
}

/** What is unread, but where one looks at it: there it is read in a moment, unless it was marked unread. */
function badgeSeen(entry, channel) {
  const isRead = entry.c.id === channel && !store.feed(channel).isHeld;
  return isRead ? { unread: false, count: 0 } : unreadOf(entry);
}

/** What stands for a direct conversation: the other person's avatar, or how many others there are. */
function faceOf(c) {
  const others = othersOf(c, store);
  const face = others[0] ?? store.me();
  return {
    notes: others.length === 0,
    group: others.length > 1 ? others.length : 0,
    person: others.length === 1 ? others[0].id : "",
    initials: initialsOf(face?.name ?? ""),
    hue: face?.hue ?? 0,
  };
}

function personOf(user) {
  return { id: user.id, name: user.name, handle: user.handle, hue: user.hue, initials: initialsOf(user.name) };
}

function isSame(a, b) {
  return a && Object.keys(b).every((field) => a[field] === b[field]);
}

function useLive(what) {
  useSyncExternalStore(store.subscribe, store.version, store.version);
  useSyncExternalStore(connection.subscribe, connection.get, connection.get);
  useSyncExternalStore(delays.subscribe, delays.get, delays.get);
  useSyncExternalStore(typists.subscribe, typists.version, typists.version);
  useSyncExternalStore(preferences.subscribe, preferences.get, preferences.get);
  useSyncExternalStore(version.subscribe, version.isStale, version.isStale);
  const place = usePlace();
  return what(place);
}

const Item = memo(({ value, render }) => render(value));

/** A value in a rendering function, which runs only when the value is another one. */
export function Kept({ value, render }) {
  const kept = useRef(null);
  if (!isSame(kept.current, value)) kept.current = value;
  return h(Item, { value: kept.current, render });
}

export function LiveValue({ of, renderItem }) {
  return h(Kept, { value: useLive(one[of]), render: renderItem });
}

export function LiveEach({ of, renderItem }) {
  const values = useLive(many[of]);
  const kept = useRef(new Map());
  kept.current = new Map(
    values.map((value) => [value.id, isSame(kept.current.get(value.id), value) ? kept.current.get(value.id) : value]),
  );
  return h(Fragment, null, ...[...kept.current.values()].map((value) => h(Item, { key: value.id, value, render: renderItem })));
}

// The browser's own tab: its title says where it is and what is unread, its icon carries a dot. Hidden tabs too: that
// is where it is looked for.
import { useEffect, useSyncExternalStore } from "react";
import { usePlace } from "./place.js";
import { COUNT_LIMIT, totalUnread } from "./sidebar.js";
import { store } from "./store.js";
import { t } from "./texts.js";
import { mentionOf } from "./titles.js";

const PLAIN = "/favicon.svg";
// The sign of assets/favicon.svg with a dot in its corner: one colour for what is addressed to oneself, another for
// everything else. The browser's tabs are light or dark whatever the page is: the ring follows them.
const DOTS = { direct: ["#d92d3a", "#ff6b76"], channels: ["#d97706", "#fbbf24"] };

function dotted(kind) {
  const [light, dark] = DOTS[kind];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><style>
.dot{fill:${light};stroke:#fff}@media(prefers-color-scheme:dark){.dot{fill:${dark};stroke:#1b1f1d}}</style>
<path d="M11 4h10a7 7 0 0 1 7 7v7a7 7 0 0 1-7 7H4V11a7 7 0 0 1 7-7z" fill="#0b6b5f"/>
<path d="M10 12h12M10 18h8" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/>
<circle class="dot" cx="24" cy="24" r="7" stroke-width="2"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

function prefixOf({ count, unread }) {
  if (count > COUNT_LIMIT) return `(${COUNT_LIMIT}+) `;
  return count ? `(${count}) ` : unread ? "• " : "";
}

function placeName(channel) {
  const about = store.feed(channel).about;
  return about ? mentionOf(about, store) : "";
}

export function TabBadge() {
  const { workspace, channel } = usePlace();
  useSyncExternalStore(store.subscribe, store.version, store.version);
  const isVisible = useSyncExternalStore(subscribeToVisibility, getIsVisible, () => true);
  const isLookedAt = (id) => id === channel && isVisible && !store.feed(channel).isHeld;
  const total = totalUnread(store.sidebars(), isLookedAt);
  const where = [channel && placeName(channel), store.sidebar(workspace).name, t("app.name")].filter(Boolean).join(" · ");
  const title = prefixOf(total) + where;
  const icon = total.count ? "direct" : total.unread ? "channels" : "";
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    const link = document.querySelector('link[rel="icon"]');
    if (link) link.href = icon ? dotted(icon) : PLAIN;
  }, [icon]);
  return null;
}

function subscribeToVisibility(listener) {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

function getIsVisible() {
  return document.visibilityState === "visible";
}

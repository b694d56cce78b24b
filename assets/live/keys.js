// Keys that work everywhere on the page; the sheet behind `?` lists them.
import { useEffect, useSyncExternalStore } from "react";
import { openDialog } from "./dialog.js";
import { goTo, placeNow, usePlace } from "./place.js";
import { recents } from "./recents.js";
import { isUnread } from "./sidebar.js";
import { store } from "./store.js";

const IS_MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Whether the key goes into a text. */
function isTyping(event) {
  return event.target.closest?.("input, textarea, select, [contenteditable]") !== null;
}

/** The conversation above or below in the sidebar, as it is shown. */
function walk(step, onlyUnread) {
  const place = placeNow();
  const { channels } = store.sidebar(place.workspace);
  const links = document.querySelectorAll(`.sidebar a[href^="/w/${place.workspace}/c/"]`);
  const ids = [...links].map((link) => link.getAttribute("href").split("/c/")[1]);
  const open = ids.filter((id) => id === place.channel || !onlyUnread || (channels.has(id) && isUnread(channels.get(id))));
  const at = open.indexOf(place.channel);
  const next = at < 0 ? (step > 0 ? 0 : open.length - 1) : (at + step + open.length) % open.length;
  if (open[next]) goTo(`/w/${place.workspace}/c/${open[next]}`);
}

function press(event) {
  const isCommand = (IS_MAC ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey;
  const isOpen = Boolean(document.querySelector("dialog[open]"));
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (isCommand && event.key.toLowerCase() === "k") openDialog("switcher");
  else if (isOpen) return;
  else if (event.altKey && step) walk(step, event.shiftKey);
  else if (event.key === "?" && !isTyping(event)) openDialog("shortcuts");
  else if (isCommand && event.key === "/") openDialog("shortcuts");
  else return;
  event.preventDefault();
}

export function Keys() {
  const place = usePlace();
  const me = useSyncExternalStore(store.subscribe, () => store.me()?.id ?? "", () => "");
  useEffect(() => {
    const onKeyDown = (event) => !event.defaultPrevented && press(event);
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  useEffect(() => {
    if (me && place.channel) recents.note(me, place.channel);
  }, [me, place.channel]);
  return null;
}

/** The name of the key that commands begin with on this machine. */
export const commandKey = () => (IS_MAC ? "⌘" : "Ctrl");

// Who types with the focus nowhere means the composer.
import { useEffect } from "react";
import { currentArea } from "./open_area.js";

const OTHER_KEYS = new Set([" ", "?"]); // scrolling, and the sheet of keys

export function useStrayKeys() {
  useEffect(() => {
    document.addEventListener("keydown", catchKey);
    return () => document.removeEventListener("keydown", catchKey);
  }, []);
}

/** The key itself is typed by the browser, into what has the focus by then. */
function catchKey(event) {
  const area = currentArea();
  if (!area || event.defaultPrevented || !isNowhere(document.activeElement) || document.querySelector("dialog[open]")) return;
  const isPasting = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "v";
  const isTyping = [...event.key].length === 1 && !OTHER_KEYS.has(event.key) && !event.ctrlKey && !event.metaKey;
  if (isPasting || isTyping) area.focus();
}

/** The list is where one scrolls with the keyboard: it takes no letters. */
function isNowhere(element) {
  return !element || element === document.body || element.getAttribute("role") === "log";
}

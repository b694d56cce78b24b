// Choosing an emoji: anything may ask for one, beside itself. What shows them is loaded when the first one is wanted.
import { createElement as h, lazy, Suspense, useSyncExternalStore } from "react";
import { editOf, typeInto } from "./area_edit.js";
import { createObserved } from "./observed.js";
import { currentArea } from "./open_area.js";

const EmojiPicker = lazy(() => import("./emoji_picker.js"));

const { get, set, subscribe } = createObserved(null); // {anchor, onChoose} while one is wanted

/** Ask for an emoji beside an element; `onChoose` gets its characters, and the focus is the caller's to give. */
export function chooseEmoji(anchor, onChoose) {
  set({ anchor, onChoose });
}

/** Type an emoji where one writes. */
export function emojiHere() {
  const area = currentArea();
  if (!area) return;
  chooseEmoji(area.form.querySelector(".composer-actions"), (emoji) => {
    const { text, start } = editOf(area);
    const isJoined = start > 0 && !/\s/.test(text[start - 1]);
    typeInto(area, `${isJoined ? " " : ""}${emoji} `);
  });
}

/** Once on a page. */
export function EmojiChoice() {
  const asked = useSyncExternalStore(subscribe, get, get);
  if (!asked) return null;
  return h(Suspense, { fallback: null }, h(EmojiPicker, { ...asked, onClose: () => get() === asked && set(null) }));
}

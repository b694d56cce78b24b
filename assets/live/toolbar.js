// The buttons that format what is written beside them, and whether they are shown. They are composed in Python.
import { applyEdit, editOf } from "./area_edit.js";
import { keysOf } from "./format_keys.js";
import { format } from "./formatting.js";
import { createListeners } from "./observed.js";
import { currentArea } from "./open_area.js";

const SLOT = "confab.toolbar";
const WIDE = "(min-width: 721px)";

const { tell, subscribe } = createListeners();

export const toolbar = {
  /** As one chose last; until then where there is room for it. */
  isShown() {
    const chosen = localStorage.getItem(SLOT);
    return chosen ? chosen === "shown" : window.matchMedia(WIDE).matches;
  },
  subscribe(listener) {
    const unsubscribe = subscribe(listener);
    window.addEventListener("resize", listener);
    return () => {
      unsubscribe();
      window.removeEventListener("resize", listener);
    };
  },
};

export function toggleToolbar() {
  localStorage.setItem(SLOT, toolbar.isShown() ? "hidden" : "shown");
  tell();
}

/** Format what is selected where one writes. */
export function formatHere(name) {
  const area = currentArea();
  if (area) applyEdit(area, format(name, editOf(area)));
}

/** What a button says of itself: its name and the keys that do the same. */
export function withKeys(label, name) {
  return `${label} (${keysOf(name)})`;
}

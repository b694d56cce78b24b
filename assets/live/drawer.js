// The sidebar on a narrow screen: it slides over, and goes when one has chosen a place, with Escape or a tap beside it.
import { createElement as h, Fragment, useEffect, useSyncExternalStore } from "react";
import { usePlace } from "./place.js";

let isOpen = false;
const listeners = new Set();

function set(next) {
  isOpen = next;
  listeners.forEach((listener) => listener());
}

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function openDrawer() {
  set(true);
}

export function closeDrawer() {
  set(false);
}

export function Drawer({ children }) {
  const open = useSyncExternalStore(subscribe, () => isOpen, () => isOpen);
  const { channel } = usePlace();
  useEffect(() => set(false), [channel]);
  return h(
    Fragment,
    null,
    open && h("div", { className: "drawer-veil", onClick: () => set(false) }),
    h(
      "div",
      {
        className: open ? "drawer drawer-open" : "drawer",
        onKeyDown: (event) => event.key === "Escape" && set(false),
        onClick: (event) => event.target.closest("a") && set(false), // also the place where one is already
      },
      children,
    ),
  );
}

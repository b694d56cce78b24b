// The sidebar on a narrow screen: it slides over, and goes when one has chosen a place, with Escape or a tap beside it.
import { createElement as h, Fragment, useEffect, useSyncExternalStore } from "react";
import { createObserved } from "./observed.js";
import { usePlace } from "./place.js";

const { get, set, subscribe } = createObserved(false); // whether it is open

export function openDrawer() {
  set(true);
}

export function closeDrawer() {
  set(false);
}

export function Drawer({ children }) {
  const open = useSyncExternalStore(subscribe, get, get);
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

// The pane on the right: which one is open, and about what. On a narrow screen it covers the rest.
import { createElement as h, useEffect, useId, useRef, useSyncExternalStore } from "react";
import { closeDrawer } from "./drawer.js";
import { createObserved } from "./observed.js";
import { usePlace } from "./place.js";
import { t } from "./texts.js";

const NONE = { name: "", value: "" };
const { get, set, subscribe } = createObserved(NONE);

export function openPane(name, value = "") {
  closeDrawer(); // on a narrow screen it would cover what was just opened
  set({ name, value });
}

export function closePane() {
  set(NONE);
}

/** What the open pane is about: the id it was opened with. */
export function paneValue() {
  return get().value;
}

/** The same for a component: it is rendered anew when the pane is about something else. */
export function usePaneValue() {
  return useSyncExternalStore(subscribe, paneValue, paneValue);
}

export function Pane({ name, heading, onOpen, children }) {
  const { name: open, value } = useSyncExternalStore(subscribe, get, get);
  const { workspace } = usePlace();
  const ref = useRef(null);
  const cameFrom = useRef(null);
  const id = useId();
  const isOpen = open === name;
  useEffect(() => closePane, [workspace]);
  useEffect(() => {
    if (!isOpen) return;
    cameFrom.current = document.activeElement;
    onOpen?.(value);
    ref.current.querySelector("h2").focus();
  }, [isOpen, value]);
  if (!isOpen) return null;
  const close = () => {
    closePane();
    if (cameFrom.current?.isConnected) cameFrom.current.focus();
  };
  return h(
    "aside",
    {
      ref,
      className: "pane",
      "aria-labelledby": id,
      onKeyDown: (event) => event.key === "Escape" && !event.defaultPrevented && close(),
    },
    h(
      "header",
      { className: "pane-header" },
      h("h2", { id, tabIndex: -1 }, heading),
      h("button", { type: "button", className: "icon-button", "aria-label": t("pane.close"), title: t("pane.close"), onClick: close }, "×"),
    ),
    h("div", { className: "pane-body" }, children),
  );
}

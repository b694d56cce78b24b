// Dialogs: which one is open, with what, and what was refused in it. The browser's own <dialog> keeps the focus inside,
// closes with Escape and gives the focus back.
import { createElement as h, useEffect, useId, useLayoutEffect, useRef, useSyncExternalStore } from "react";
import { flushSync } from "react-dom";
import { toast } from "sonner";
import { createObserved } from "./observed.js";
import { openPane } from "./pane.js";
import { goTo, pathOf } from "./place.js";
import { refusalText, t } from "./texts.js";

const NONE = { name: "", value: "", refusal: "", way: null };
const { get, set, subscribe } = createObserved(NONE);

export function openDialog(name, value = "") {
  set({ ...NONE, name, value });
}

export function closeDialog() {
  set(NONE);
}

export function closeAndGo(path) {
  closeDialog();
  goTo(path);
}

/** From a dialog to the pane on the right. */
export function closeForPane(name, value) {
  flushSync(closeDialog); // it gives the focus back when it closes: only then may the pane take it
  openPane(name, value);
}

/** What the open dialog is about: the id it was opened with. */
export function dialogValue() {
  return get().value;
}

/** Say what was refused: in the dialog where one is open, else in passing. */
export function showRefusal(code, parameters, id) {
  const text = refusalText(code, parameters);
  if (get().name) set({ ...get(), refusal: text, way: wayOut(code, parameters) });
  else toast.error(text, { id }); // one with an id replaces the one that is there
}

/** Where to go instead, when a refusal says so: to the channel that has the name. */
function wayOut(code, { name, ws, channel } = {}) {
  return code === "name_taken" && channel ? { path: pathOf(ws, channel), text: t("channel.open_taken", { channel: name }) } : null;
}

export function Dialog({ name, heading, onOpen, children }) {
  const { name: open, refusal, way } = useSyncExternalStore(subscribe, get, get);
  const ref = useRef(null);
  const id = useId();
  const isOpen = open === name;
  useEffect(() => {
    if (isOpen && !ref.current.open) {
      ref.current.showModal();
      // What one came to fill in, not the button that closes.
      ref.current.querySelector(".dialog-body :is(input, textarea, select):not([readonly], [type=checkbox], [type=radio])")?.focus();
      onOpen?.();
    }
  }, [isOpen]);
  // With its content, not a moment later: the next key is about what is behind it.
  useLayoutEffect(() => {
    if (!isOpen && ref.current.open) ref.current.close();
  }, [isOpen]);
  const onClick = (event) => event.target === ref.current && closeDialog(); // the backdrop
  return h(
    "dialog",
    { ref, className: "dialog", "aria-labelledby": id, onClose: () => isOpen && closeDialog(), onMouseDown: onClick },
    isOpen &&
      h(
        "div",
        { className: "dialog-body" },
        h("header", { className: "dialog-header" }, h("h2", { id }, heading), h(CloseButton)),
        refusal &&
          h(
            "p",
            { role: "alert", className: "refusal" },
            refusal,
            way && " ",
            way && h("button", { type: "button", className: "text-button", onClick: () => closeAndGo(way.path) }, way.text),
          ),
        children,
      ),
  );
}

function CloseButton() {
  return h("button", { type: "button", className: "icon-button", "aria-label": t("dialog.close"), onClick: closeDialog }, "×");
}

// A row of the list, and what one may do with it. Only the row that is pointed at, tapped or reached by the keyboard has
// its actions mounted: the others cost nothing.
import { createElement as h, useEffect, useRef, useState } from "react";
import { pressInRow } from "./row_keys.js";

const OPEN_MENU = ".menu:popover-open";

export function ActiveRow({ message, actions, children, ...props }) {
  const row = useRef(null);
  const isByMouse = useRef(false); // a click focuses the row too, but its actions go with the pointer
  const [isPointedAt, setPointedAt] = useState(false);
  const [isReached, setReached] = useState(false);
  useFocusAfterEdit(row, message.editing);
  useLeaving(row, isPointedAt, setPointedAt);
  const point = ({ pointerType }) => pointerType !== "touch" && !document.querySelector(OPEN_MENU) && setPointedAt(true);
  const isActive = (isPointedAt || isReached) && message.status === "sent" && !message.editing;
  return h(
    "article",
    {
      ...props,
      ref: row,
      tabIndex: 0, // reached by a tap or by the keyboard
      "data-message": message.id,
      onPointerMove: point,
      onPointerOver: point,
      onPointerDown: ({ pointerType }) => (isByMouse.current = pointerType === "mouse"),
      onClick: ({ nativeEvent }) => {
        if (nativeEvent.pointerType !== "touch") return;
        setReached(true);
        if (!row.current.contains(document.activeElement)) row.current.focus({ preventScroll: true });
      },
      onFocus: () => !isByMouse.current && setReached(true),
      onBlur: ({ relatedTarget }) => !row.current.contains(relatedTarget) && setReached(false),
      onKeyDown: (event) => {
        isByMouse.current = false;
        if (event.target === row.current) pressInRow(event, message);
      },
    },
    children,
    isActive && actions(message),
  );
}

/**
 * The pointer left when it comes to something else; while a menu is open it may go where it wants. React's own leaving
 * is not told when a dialog came in between.
 */
function useLeaving(row, isPointedAt, setPointedAt) {
  useEffect(() => {
    if (!isPointedAt) return undefined;
    const look = ({ target }) => {
      if (!row.current?.contains(target) && !row.current?.querySelector('[aria-expanded="true"]')) setPointedAt(false);
    };
    const page = document.documentElement;
    page.addEventListener("pointerover", look);
    page.addEventListener("pointerleave", look);
    return () => {
      page.removeEventListener("pointerover", look);
      page.removeEventListener("pointerleave", look);
    };
  }, [isPointedAt]);
}

/** Who ends an edit by the keyboard stands on the row again, not at the top of the page. */
function useFocusAfterEdit(row, isEditing) {
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !isEditing && document.activeElement === document.body) row.current?.focus({ preventScroll: true });
    wasEditing.current = isEditing;
  }, [isEditing]);
}

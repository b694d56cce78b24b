// A menu behind a button. The browser's own popover puts it above everything and closes it with Escape or a click
// beside it; the keyboard walks it as menus are walked.
import { createElement as h, useEffect, useId, useLayoutEffect, useRef, useState } from "react";

const GAP_PX = 4;
const EDGE_PX = 8;

/** Below the button and inside the window; above it where there is no room. */
function place(menu, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const isRight = at.left + width > window.innerWidth - EDGE_PX;
  const left = isRight ? at.right - width : at.left;
  const isAbove = at.bottom + GAP_PX + height > window.innerHeight - EDGE_PX && at.top > height + GAP_PX;
  menu.style.left = `${Math.max(EDGE_PX, left)}px`;
  menu.style.top = `${isAbove ? at.top - GAP_PX - height : Math.max(EDGE_PX, Math.min(at.bottom + GAP_PX, window.innerHeight - EDGE_PX - height))}px`;
}

function itemsOf(menu) {
  return [...menu.querySelectorAll('[role^="menuitem"]:not([disabled])')];
}

function walk(event, menu) {
  const items = itemsOf(menu);
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + (at < 0 ? 1 : 0), Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined || !items.length) return;
  event.preventDefault();
  event.stopPropagation();
  items[(to + items.length) % items.length].focus();
}

export function Menu({ label, trigger, className, children }) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef(null);
  const menu = useRef(null);
  const id = useId();
  useLayoutEffect(() => {
    if (!isOpen) return;
    menu.current.showPopover();
    place(menu.current, button.current);
    itemsOf(menu.current)[0]?.focus();
  }, [isOpen]);
  useEffect(() => {
    if (!isOpen) return;
    const close = () => setOpen(false);
    window.addEventListener("resize", close);
    return () => window.removeEventListener("resize", close);
  }, [isOpen]);
  const onToggle = (event) => {
    if (event.newState === "open") return;
    const hadFocus = menu.current?.contains(document.activeElement) || document.activeElement === document.body;
    setOpen(false);
    if (hadFocus) button.current?.focus();
  };
  // A choice closes the menu first: what it opens takes the focus.
  const onClick = (event) => event.target.closest('[role^="menuitem"]') && setOpen(false);
  return [
    h(
      "button",
      {
        key: "button",
        ref: button,
        type: "button",
        className,
        "aria-label": label,
        title: label,
        "aria-haspopup": "menu",
        "aria-expanded": isOpen,
        "aria-controls": isOpen ? id : undefined,
        onClick: () => setOpen(!isOpen),
        onKeyDown: (event) => {
          if (event.key !== "ArrowDown" || isOpen) return;
          event.preventDefault();
          setOpen(true);
        },
      },
      trigger,
    ),
    isOpen &&
      h(
        "div",
        {
          key: "menu",
          ref: menu,
          id,
          popover: "auto",
          role: "menu",
          "aria-label": label,
          className: "menu",
          onToggle,
          onClick,
          onKeyDown: (event) => walk(event, menu.current),
        },
        children,
      ),
  ];
}

// The list of what a word may be completed to. The focus stays in the textarea, which says which option is the active
// one; so typing goes on, and a screen reader hears both.
import { createElement as h, useEffect, useId, useLayoutEffect, useMemo, useReducer, useRef, useState } from "react";
import { applyEdit, editOf } from "./area_edit.js";
import { candidatesOf, lookUp } from "./candidates.js";
import { caretPlace } from "./caret_place.js";
import { rank } from "./ranking.js";
import { noteRecent, recentsOf } from "./chosen_lately.js";
import { t } from "./texts.js";
import { complete, triggerAt } from "./trigger.js";

const ASK_AFTER_MS = 150;
const EDGE_PX = 8;
const GAP_PX = 6;

export function useCompletion(area, workspace) {
  const id = useId();
  const [trigger, setTrigger] = useState(null);
  const [active, setActive] = useState("");
  const [news, hearNews] = useReducer((count) => count + 1, 0);
  const dismissed = useRef(null);
  const { kind = "", query = "", start = -1 } = trigger ?? {};
  const items = useMemo(
    () => (kind ? rank(candidatesOf(kind, workspace), query, recentsOf(kind)) : []),
    [kind, query, workspace, news],
  );
  useAnswers(kind, query, workspace, hearNews);
  const at = Math.max(0, items.findIndex((item) => item.id === active));
  const isOpen = items.length > 0;

  /** After a key: what is before the caret now? What was closed by Escape stays so, as long as it is the same word. */
  const look = () => {
    const found = triggerAt(editOf(area.current));
    if (found?.start !== dismissed.current) dismissed.current = null;
    setTrigger(dismissed.current === null ? found : null);
  };
  /** The caret was moved: the list is only for the word that was typed. */
  const follow = () => {
    if (!trigger) return;
    const found = triggerAt(editOf(area.current));
    setTrigger(found?.start === start ? found : null);
  };
  const close = () => setTrigger(null);
  const choose = (item) => {
    noteRecent(kind, item.id);
    applyEdit(area.current, complete(editOf(area.current), trigger, item.insert));
    close();
  };
  const move = (by) => setActive(items[(at + by + items.length) % items.length].id);
  const dismiss = () => {
    dismissed.current = start;
    close();
  };
  const actions = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: () => choose(items[at]), Tab: () => choose(items[at]), Escape: dismiss };
  /** Whether the key was for the list. */
  const onKeyDown = (event) => {
    const act = actions[event.key];
    if (!isOpen || !act || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false;
    event.preventDefault();
    event.stopPropagation();
    act();
    return true;
  };
  const optionId = (item) => `${id}-${items.indexOf(item)}`;
  return {
    look,
    follow,
    close,
    onKeyDown,
    aria: {
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-controls": isOpen ? id : undefined,
      "aria-activedescendant": isOpen ? optionId(items[at]) : undefined,
    },
    list: isOpen && h(Options, { id, kind, items, active: items[at], optionId, choose, point: setActive, area, start }),
  };
}

/** Ask the server a moment after the last key; what it answers late is known, and matches what is typed now or not. */
function useAnswers(kind, query, workspace, hearNews) {
  useEffect(() => {
    if (!kind) return undefined;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      if ((await lookUp(kind, workspace, query)) && isCurrent) hearNews();
    }, ASK_AFTER_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [kind, query, workspace]);
}

function Options({ id, kind, items, active, optionId, choose, point, area, start }) {
  const list = useRef(null);
  useLayoutEffect(() => {
    list.current.showPopover();
  }, []);
  useLayoutEffect(() => placeOver(list.current, area.current, start), [items, start]);
  return h(
    "div",
    { ref: list, id, popover: "manual", role: "listbox", "aria-label": t(`completion.${kind}`), className: "completion" },
    items.map((item) =>
      h(
        "div",
        {
          key: item.id,
          id: optionId(item),
          role: "option",
          "aria-selected": item === active,
          className: "completion-option",
          onMouseDown: (event) => event.preventDefault(), // the focus stays where one writes
          onMouseMove: () => item !== active && point(item.id),
          onClick: () => choose(item),
        },
        h(Sign, { ...item, kind }),
        h("span", { className: "truncate" }, item.label),
        item.detail && h("span", { className: "completion-detail truncate" }, item.detail),
      ),
    ),
  );
}

function Sign({ sign, hue, initials, kind }) {
  if (sign) return h("span", { className: kind === "emoji" ? "completion-sign emoji-sign" : "completion-sign", "aria-hidden": true }, sign);
  return h("span", { className: "completion-avatar", style: { "--hue": hue }, "aria-hidden": true }, initials);
}

/** Above the line that one writes in; below it where there is no room. */
function placeOver(list, area, at) {
  const line = caretPlace(area, at);
  const { offsetWidth: width, offsetHeight: height } = list;
  const above = line.top - GAP_PX - height;
  list.style.left = `${Math.max(EDGE_PX, Math.min(line.left, window.innerWidth - EDGE_PX - width))}px`;
  list.style.top = `${above >= EDGE_PX ? above : line.bottom + GAP_PX}px`;
}

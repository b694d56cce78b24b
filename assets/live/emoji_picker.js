// The emoji in a grid, with a field to search them by name. The focus stays in the field; the arrow keys walk the grid.
import { createElement as h, Fragment, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { knownEmoji, loadEmoji } from "./emoji.js";
import { rank } from "./ranking.js";
import { noteRecent, recentsOf } from "./chosen_lately.js";
import { t } from "./texts.js";

const COLUMNS = 8;
const RECENT_LIMIT = 16;
const GAP_PX = 6;
const EDGE_PX = 8;
const STEPS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS };

export default function EmojiPicker({ anchor, onChoose, onClose }) {
  const box = useRef(null);
  const field = useRef(null);
  const id = useId();
  const [state, setState] = useState("loading");
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  useEffect(() => {
    loadEmoji().then((isThere) => setState(isThere ? "ready" : "failed"));
  }, []);
  useLayoutEffect(() => {
    box.current.showPopover();
    field.current.focus();
    return () => anchor.isConnected && document.activeElement === document.body && anchor.focus();
  }, []);
  useLayoutEffect(() => place(box.current, anchor), [state]);
  const sections = useMemo(() => (state === "ready" ? sectionsOf(query.trim()) : []), [state, query]);
  const items = sections.flatMap((section) => section.items);
  useEffect(() => {
    document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const choose = (item) => {
    noteRecent("emoji", item.id);
    box.current.hidePopover();
    onChoose(item.id);
  };
  const onKeyDown = (event) => {
    if (event.key === "Enter" && !event.nativeEvent.isComposing && items[at]) {
      event.preventDefault();
      choose(items[at]);
    }
    const step = STEPS[event.key];
    if (!step || !items.length || (Math.abs(step) === 1 && query)) return; // in what is typed they move the caret
    event.preventDefault();
    setAt(Math.max(0, Math.min(items.length - 1, at + step)));
  };
  const search = h("input", {
    ref: field,
    type: "search",
    className: "input",
    role: "combobox",
    value: query,
    placeholder: t("emoji.search"),
    "aria-label": t("emoji.search"),
    "aria-expanded": true,
    "aria-controls": id,
    "aria-autocomplete": "list",
    "aria-activedescendant": items[at] ? `${id}-${at}` : undefined,
    onChange: (event) => {
      setQuery(event.target.value);
      setAt(0);
    },
    onKeyDown,
  });
  return h(
    "div",
    { ref: box, popover: "auto", role: "dialog", "aria-label": t("emoji.heading"), className: "emoji-picker", onToggle: (event) => event.newState === "closed" && onClose() },
    search,
    h(Grid, { id, sections, at, choose, setAt }),
    h("p", { className: "emoji-name muted", role: "status" }, noteOf(state, query, items[at])),
  );
}

/** What was used lately stands first, as long as nothing is searched. */
function sectionsOf(query) {
  const all = knownEmoji();
  if (query) return [{ name: "found", items: rank(all, query.replaceAll(":", ""), recentsOf("emoji"), all.length) }];
  const byId = new Map(all.map((item) => [item.id, item]));
  const recent = recentsOf("emoji").map((id) => byId.get(id)).filter(Boolean).slice(0, RECENT_LIMIT);
  return [...(recent.length ? [{ name: "recent", items: recent }] : []), { name: "all", items: all }];
}

function noteOf(state, query, item) {
  if (state === "failed") return t("error.unreachable");
  if (state === "loading") return t("loading");
  return item ? item.label : t("emoji.none", { query });
}

function Grid({ id, sections, at, choose, setAt }) {
  let count = 0;
  return h(
    "div",
    { id, role: "listbox", "aria-label": t("emoji.heading"), className: "emoji-grid", style: { "--columns": COLUMNS } },
    sections.map(({ name, items }) => {
      const first = count;
      count += items.length;
      return h(
        Fragment,
        { key: name },
        h("div", { className: "emoji-heading", role: "presentation" }, t(`emoji.${name}`)),
        items.map((item, index) => h(Emoji, { key: item.id, id: `${id}-${first + index}`, item, isActive: at === first + index, choose, point: () => setAt(first + index) })),
      );
    }),
  );
}

function Emoji({ id, item, isActive, choose, point }) {
  return h(
    "div",
    {
      id,
      role: "option",
      "aria-selected": isActive,
      "aria-label": item.names[0].replaceAll("_", " "),
      title: item.label,
      className: "emoji-option",
      onMouseDown: (event) => event.preventDefault(),
      onMouseEnter: point,
      onClick: () => choose(item),
    },
    item.id,
  );
}

/** Above what asked for it, inside the window. */
function place(box, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const above = at.top - GAP_PX - height;
  box.style.left = `${Math.max(EDGE_PX, Math.min(at.left, window.innerWidth - EDGE_PX - width))}px`;
  box.style.top = `${above >= EDGE_PX ? above : Math.max(EDGE_PX, Math.min(at.bottom + GAP_PX, window.innerHeight - EDGE_PX - height))}px`;
}

// A list that the server gives page after page, looked up while one types. Rows are rendered in Python.
import { createElement as h, Fragment, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { request } from "./request.js";
import { store } from "./store.js";
import { refusalText, t } from "./texts.js";
import { Kept } from "./value.js";

const SEARCH_AFTER_MS = 200;
const NEAR_END_PX = 240;
const NOTHING = { rows: [], after: "", isLoaded: false };

/** Pages of what a route gives under `name`. An answer to what was asked before the newest question is dropped. */
function usePages(path, name, query, version) {
  const [pages, setPages] = useState(NOTHING);
  const [refusal, setRefusal] = useState(null);
  const [isBusy, setBusy] = useState(true);
  const question = useRef(0);
  const ask = async (after) => {
    const asked = ++question.current;
    setBusy(true);
    const answer = await request("GET", `${path}?${new URLSearchParams({ ...query, after })}`);
    if (asked !== question.current) return;
    setBusy(false);
    setRefusal(answer.ok ? null : { ...answer.error, again: () => ask(after) });
    if (!answer.ok) return;
    setPages((before) => ({
      rows: after ? merged(before.rows, answer.body[name]) : answer.body[name],
      after: answer.body.after,
      isLoaded: true,
    }));
  };
  useEffect(() => {
    const timer = setTimeout(() => ask(""), pages.isLoaded ? SEARCH_AFTER_MS : 0);
    return () => {
      clearTimeout(timer);
      question.current += 1;
    };
  }, [path, JSON.stringify(query), version]);
  const more = () => !isBusy && pages.after && ask(pages.after);
  return { ...pages, refusal, isBusy, more };
}

/** What was renamed between two pages may be on both. */
function merged(before, next) {
  const known = new Set(before.map(({ id }) => id));
  return [...before, ...next.filter(({ id }) => !known.has(id))];
}

/**
 * `path` and `name` say what is listed, `filter` what narrows it besides the search, `version` that it is another list
 * now; `valueOf` makes what `row` renders of a row, or null for one that is not shown. `tools` stand above the list, and
 * `none` is what stands in its place when nothing is found.
 */
export function PagedList({ path, name, filter, version, searchLabel, label, valueOf, row, loading, tools, none }) {
  useSyncExternalStore(store.subscribe, store.version, store.version);
  const [search, setSearch] = useState("");
  const { rows, after, isLoaded, refusal, isBusy, more } = usePages(path, name, { ...filter, search }, version);
  const list = useRef(null);
  const focusAt = useRef(-1);
  const values = rows.map(valueOf).filter(Boolean);
  useEffect(() => {
    // Who asked for more by the button goes on with the first of them.
    if (focusAt.current < 0 || values.length <= focusAt.current) return;
    list.current?.children[focusAt.current]?.querySelector("button")?.focus();
    focusAt.current = -1;
  }, [values.length]);
  const onScroll = ({ currentTarget: at }) => at.scrollHeight - at.scrollTop - at.clientHeight < NEAR_END_PX && more();
  const onMore = () => {
    focusAt.current = values.length;
    more();
  };
  return h(
    Fragment,
    null,
    h("input", {
      type: "search",
      className: "input",
      placeholder: searchLabel,
      "aria-label": searchLabel,
      autoFocus: true,
      value: search,
      onChange: (event) => setSearch(event.target.value),
    }),
    tools,
    refusal &&
      h(
        "div",
        { role: "alert", className: "refusal" },
        h("p", { className: "m-0" }, refusalText(refusal.code, refusal.parameters)),
        h("button", { type: "button", className: "text-button", onClick: refusal.again }, t("message.again")),
      ),
    !isLoaded && !refusal && loading,
    isLoaded &&
      h(
        "div",
        { className: "directory", onScroll },
        h(
          "ul",
          { ref: list, "aria-label": label, "aria-busy": isBusy },
          values.map((value) => h(Kept, { key: value.id, value, render: row })),
        ),
        after && h("button", { type: "button", className: "button directory-more", onClick: onMore }, t("members.more")),
      ),
    isLoaded && !values.length && none(search.trim()),
    h("p", { role: "status", className: "sr-only" }, isLoaded && !isBusy ? t("list.found", { count: values.length }) : ""),
  );
}

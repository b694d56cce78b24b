// The people of the workspace, looked up while one types, page after page. Rows are rendered in Python.
import { createElement as h, Fragment, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { initialsOf } from "./format.js";
import { usePlace } from "./place.js";
import { request } from "./request.js";
import { store } from "./store.js";
import { refusalText, t } from "./texts.js";
import { Kept } from "./value.js";

const SEARCH_AFTER_MS = 200;
const NEAR_END_PX = 240;
const NOTHING = { people: [], after: "", isLoaded: false };

/** Pages of the directory. An answer to what was asked before the newest question is dropped. */
function usePages(workspace, search) {
  const [pages, setPages] = useState(NOTHING);
  const [refusal, setRefusal] = useState(null);
  const [isBusy, setBusy] = useState(true);
  const question = useRef(0);
  const ask = async (after) => {
    const asked = ++question.current;
    setBusy(true);
    const answer = await request("GET", `/api/workspaces/${workspace}/members?${new URLSearchParams({ search, after })}`);
    if (asked !== question.current) return;
    setBusy(false);
    setRefusal(answer.ok ? null : { ...answer.error, again: () => ask(after) });
    if (!answer.ok) return;
    setPages((before) => ({
      people: after ? merged(before.people, answer.body.members) : answer.body.members,
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
  }, [workspace, search]);
  const more = () => !isBusy && pages.after && ask(pages.after);
  return { ...pages, refusal, isBusy, more, setPages };
}

/** Who was renamed between two pages may be on both. */
function merged(before, next) {
  const known = new Set(before.map(({ id }) => id));
  return [...before, ...next.filter(({ id }) => !known.has(id))];
}

export function Directory({ row, loading, roleGiven }) {
  useSyncExternalStore(store.subscribe, store.version, store.version);
  const { workspace } = usePlace();
  const [search, setSearch] = useState("");
  const { people, after, isLoaded, refusal, isBusy, more, setPages } = usePages(workspace, search);
  const list = useRef(null);
  const focusAt = useRef(-1);
  useEffect(() => {
    if (!roleGiven?.id) return;
    const { id, role } = roleGiven;
    setPages((before) => ({ ...before, people: before.people.map((one) => (one.id === id ? { ...one, role } : one)) }));
  }, [roleGiven?.number]);
  useEffect(() => {
    // Who asked for more by the button goes on with the first of them.
    if (focusAt.current < 0 || people.length <= focusAt.current) return;
    list.current?.children[focusAt.current]?.querySelector("button")?.focus();
    focusAt.current = -1;
  }, [people.length]);
  const onScroll = ({ currentTarget: at }) => at.scrollHeight - at.scrollTop - at.clientHeight < NEAR_END_PX && more();
  const onMore = () => {
    focusAt.current = people.length;
    more();
  };
  return h(
    Fragment,
    null,
    h("input", {
      type: "search",
      className: "input",
      placeholder: t("members.search"),
      "aria-label": t("members.search"),
      autoFocus: true,
      value: search,
      onChange: (event) => setSearch(event.target.value),
    }),
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
          { ref: list, "aria-label": t("members.list"), "aria-busy": isBusy },
          people.map((one) => h(Kept, { key: one.id, value: rowOf(one, workspace), render: row })),
        ),
        after && h("button", { type: "button", className: "button directory-more", onClick: onMore }, t("members.more")),
      ),
    isLoaded && !people.length && h("p", { className: "muted m-0" }, t("members.none", { search })),
    h("p", { role: "status", className: "sr-only" }, isLoaded && !isBusy ? t("members.found", { count: people.length }) : ""),
  );
}

function rowOf(one, workspace) {
  const known = store.user(one.id);
  const { name, handle, hue } = known?.rev > one.rev ? known : one;
  return {
    id: one.id,
    name,
    handle,
    hue,
    initials: initialsOf(name),
    title: one.title,
    role: one.role,
    administers: store.sidebar(workspace).role !== "member",
  };
}

// The people of the workspace, and those of one channel. Rows are rendered in Python.
import { createElement as h, useEffect, useState } from "react";
import { initialsOf } from "./format.js";
import { PagedList } from "./paged_list.js";
import { usePlace } from "./place.js";
import { store } from "./store.js";
import { t } from "./texts.js";

export function Directory({ row, loading, roleGiven }) {
  const { workspace } = usePlace();
  const [given, setGiven] = useState({}); // roles that were given while the list stands here
  useEffect(() => {
    if (roleGiven?.id) setGiven((before) => ({ ...before, [roleGiven.id]: roleGiven.role }));
  }, [roleGiven?.number]);
  return h(PagedList, {
    path: `/api/workspaces/${workspace}/members`,
    name: "members",
    searchLabel: t("members.search"),
    label: t("members.list"),
    valueOf: (one) => ({
      ...faceOf(one),
      title: one.title,
      role: given[one.id] ?? one.role,
      administers: store.sidebar(workspace).role !== "member",
    }),
    row,
    loading,
    none: nobody,
  });
}

/** Who is in the channel; `changed` is another number when somebody came or went. */
export function ChannelPeople({ row, loading, changed }) {
  const { workspace, channel } = usePlace();
  const { about } = store.feed(channel);
  const me = store.me()?.id;
  const manages = store.sidebar(workspace).role !== "member" || (about?.by && about.by === me);
  return h(PagedList, {
    path: `/api/channels/${channel}/people`,
    name: "people",
    version: changed,
    searchLabel: t("people.search_in"),
    label: t("people.in_channel"),
    valueOf: (one) => ({ ...faceOf(one), title: one.title, removable: Boolean(manages) && one.id !== me }),
    row,
    loading,
    none: nobody,
  });
}

const nobody = (search) => h("p", { className: "muted m-0" }, search ? t("members.none", { search }) : t("people.nobody"));

function faceOf(one) {
  const known = store.user(one.id);
  const { name, handle, hue } = known?.rev > one.rev ? known : one;
  return { id: one.id, name, handle, hue, initials: initialsOf(name) };
}

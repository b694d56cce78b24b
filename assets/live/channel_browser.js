// The channels one may read, looked up page after page: which of them one is in, this tab knows itself.
import { createElement as h, Fragment, useState } from "react";
import { openDialog } from "./dialog.js";
import { PagedList } from "./paged_list.js";
import { pathOf, usePlace } from "./place.js";
import { isPublic } from "./sidebar.js";
import { store } from "./store.js";
import { t } from "./texts.js";

export function ChannelBrowser({ row, loading }) {
  const { workspace } = usePlace();
  const [isWide, setWide] = useState(false);
  return h(PagedList, {
    path: `/api/workspaces/${workspace}/channels`,
    name: "channels",
    filter: { archived: isWide },
    searchLabel: t("channels.search"),
    label: t("channels.found"),
    valueOf: (c) => rowOf(c, workspace),
    row,
    loading,
    tools: h(
      "label",
      { className: "flex items-center gap-2 text-[14px]" },
      h("input", {
        type: "checkbox",
        className: "size-4 accent-(--accent)",
        checked: isWide,
        onChange: (event) => setWide(event.target.checked),
      }),
      t("channels.show_archived"),
    ),
    none,
  });
}

/** Nothing is found: one may make what one looked for. */
function none(search) {
  if (!search) return h("p", { className: "muted m-0" }, t("channels.none_at_all"));
  const name = search.replace(/^#+/, "");
  return h(
    Fragment,
    null,
    h("p", { className: "muted m-0" }, t("channels.none", { search })),
    h("button", { type: "button", className: "button justify-self-start", onClick: () => openDialog("create-channel", name) }, t("channels.create_named", { name })),
  );
}

/** A row of the server's, as it is now: null for one that became private while one looks. */
function rowOf(found, workspace) {
  const side = store.sidebar(workspace);
  const entry = side.channels.get(found.id);
  if (!entry && found.kind === "public" && !isPublic(side, found)) return null;
  const c = entry?.c.rev > found.rev ? entry.c : found;
  return {
    id: c.id,
    name: c.name,
    about: c.purpose || c.topic,
    private: c.kind === "private",
    archived: c.archived,
    joined: Boolean(entry),
    people: found.people + Number(Boolean(entry)) - Number(found.joined),
    path: pathOf(workspace, c.id),
  };
}

// The channel one last looked at in each workspace, kept in this browser: that is where one comes back to.
import { compareNames } from "./format.js";
import { isShown } from "./sidebar.js";

const KEY = "confab.channel.";

export function rememberChannel(workspace, channel) {
  localStorage.setItem(KEY + workspace, channel);
}

/** Where a workspace is entered: the channel of last time, else the first one, else its own page. */
export function entranceOf({ id, channels }) {
  const last = localStorage.getItem(KEY + id);
  if (channels.has(last) && isShown(channels.get(last))) return `/w/${id}/c/${last}`;
  const named = [...channels.values()].filter(({ c }) => c.kind !== "direct" && !c.archived);
  const [first] = named.sort((a, b) => compareNames(a.c.name, b.c.name));
  return first ? `/w/${id}/c/${first.c.id}` : `/w/${id}`;
}

// Where one stands in a channel: by its page once that is here, until then by the sidebar.
import { store } from "./store.js";

export function standingIn(workspace, channel) {
  const { about, isOpen, isAbsent, joined } = store.feed(channel);
  const entry = store.sidebar(workspace).channels.get(channel);
  const isExpected = !isOpen && !isAbsent && Boolean(entry);
  return { about: about ?? entry?.c ?? null, isAbsent, isOpen: isOpen || isExpected, joined: joined || isExpected };
}

// Whether the server has another page by now than this tab runs.
import { createObserved } from "./observed.js";

let own = "";
const stale = createObserved(false);

export const version = {
  isStale: stale.get,
  /** The build that the server serves: the first one heard is this tab's own. */
  hear(build) {
    own ||= build;
    if (build !== own) stale.set(true);
  },
  subscribe: stale.subscribe,
};

// A part of the page that is loaded when it is used is gone from the server.
if (typeof window !== "undefined") window.addEventListener("vite:preloadError", () => stale.set(true));

export function reloadPage() {
  window.location.reload();
}

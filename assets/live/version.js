// Whether the server has another page by now than this tab runs.
let own = "";
let stale = false;
const listeners = new Set();

function set() {
  if (stale) return;
  stale = true;
  listeners.forEach((listener) => listener());
}

export const version = {
  isStale: () => stale,
  /** The build that the server serves: the first one heard is this tab's own. */
  hear(build) {
    own ||= build;
    if (build !== own) set();
  },
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

// A part of the page that is loaded when it is used is gone from the server.
if (typeof window !== "undefined") window.addEventListener("vite:preloadError", set);

export function reloadPage() {
  window.location.reload();
}

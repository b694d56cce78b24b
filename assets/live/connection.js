// Whether the socket is up, for the banner and for the outbox.
let state = "up";
const listeners = new Set();

export const connection = {
  get: () => state,
  set(next) {
    if (next === state) return;
    state = next;
    listeners.forEach((listener) => listener());
  },
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

// A value that is watched: what React's `useSyncExternalStore` asks for, and setting it.

/** Those who want to be told. */
export function createListeners() {
  const listeners = new Set();
  return {
    tell: () => listeners.forEach((listener) => listener()),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function createObserved(initial) {
  const { tell, subscribe } = createListeners();
  let current = initial;
  return {
    get: () => current,
    set(next) {
      if (Object.is(next, current)) return;
      current = next;
      tell();
    },
    subscribe,
  };
}

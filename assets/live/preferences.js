// What one's own pages look like: chosen once, the same on all devices, and remembered here for the first moment of the
// next page (assets/theme.js).
const SLOT = "confab.preferences";
const ON_ROOT = ["theme", "accent", "density"];

let current = { theme: "system", accent: "teal", density: "comfortable", clock: "auto", rev: 0 };
const listeners = new Set();

function show() {
  for (const name of ON_ROOT) document.documentElement.dataset[name] = current[name];
}

export const preferences = {
  get: () => current,
  /** Take what the server says; a late copy changes nothing. */
  apply(chosen) {
    if (chosen.rev < current.rev) return;
    if (Object.keys(chosen).every((name) => chosen[name] === current[name])) return;
    current = chosen;
    show();
    try {
      localStorage.setItem(SLOT, JSON.stringify(current));
    } catch (error) {
      console.warn("The preferences cannot be kept on this device", error);
    }
    listeners.forEach((listener) => listener());
  },
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

if (typeof localStorage !== "undefined") {
  try {
    current = { ...current, ...JSON.parse(localStorage.getItem(SLOT) ?? "{}"), rev: 0 };
  } catch (error) {
    console.warn("The preferences of this device cannot be read", error);
  }
}

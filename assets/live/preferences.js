// What one's own pages look like: chosen once, the same on all devices, and remembered here for the first moment of the
// next page (assets/theme.js).
import { createObserved } from "./observed.js";

const SLOT = "confab.preferences";
const ON_ROOT = ["theme", "accent", "density"];

const chosen = createObserved({ theme: "system", accent: "teal", density: "comfortable", clock: "auto", rev: 0 });

function show(held) {
  for (const name of ON_ROOT) document.documentElement.dataset[name] = held[name];
}

export const preferences = {
  get: chosen.get,
  subscribe: chosen.subscribe,
  /** Take what the server says; a late copy changes nothing. */
  apply(told) {
    const held = chosen.get();
    if (told.rev < held.rev || Object.keys(told).every((name) => told[name] === held[name])) return;
    show(told);
    try {
      localStorage.setItem(SLOT, JSON.stringify(told));
    } catch (error) {
      console.warn("The preferences cannot be kept on this device", error);
    }
    chosen.set(told);
  },
};

if (typeof localStorage !== "undefined") {
  try {
    chosen.set({ ...chosen.get(), ...JSON.parse(localStorage.getItem(SLOT) ?? "{}"), rev: 0 });
  } catch (error) {
    console.warn("The preferences of this device cannot be read", error);
  }
}

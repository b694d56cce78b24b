// What was chosen lately, of one kind, in this browser: the latest first.
const PREFIX = "confab.recent.";
const KEPT = 36;

export function recentsOf(kind) {
  return JSON.parse(localStorage.getItem(PREFIX + kind) ?? "[]");
}

export function noteRecent(kind, id) {
  const ids = [id, ...recentsOf(kind).filter((other) => other !== id)].slice(0, KEPT);
  try {
    localStorage.setItem(PREFIX + kind, JSON.stringify(ids));
  } catch (error) {
    console.warn("This choice cannot be remembered", error); // full, or switched off
  }
}

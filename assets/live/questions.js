// What this tab asked for and was not answered yet: the sidebar of a workspace, a page of a channel. A server whose
// database is away for a moment refuses them, as one does that is asked too much at once; until one is answered the tab
// hears nothing: it asks again by itself.

const ANSWERS = {
  sidebar: "ws",
  gone: "ws",
  page: "ch",
  around: "ch",
  changes: "ch",
  older: "ch",
  newer: "ch",
  absent: "ch",
};
const PASSING = new Set(["unavailable", "too_many_requests"]);
const AGAIN_MS = 500;
const AGAIN_MAX_MS = 10000;

export function createQuestions() {
  const open = new Map(); // id → how often it was refused since it was asked for the first time
  let timer = 0;
  let waitMs = 0; // of the timer
  let isAgain = false;

  /**
   * Ask all of them again, a while later, so that not all tabs ask at once; each time the while is longer, and never
   * shorter than the server said.
   */
  function plan(ask, { seconds = 0 }) {
    for (const [id, times] of open) open.set(id, times + 1);
    const usual = Math.min(AGAIN_MAX_MS, AGAIN_MS * 2 ** Math.max(...open.values()));
    const longest = seconds ? 2 * seconds * 1000 : usual; // at least half of it passes
    if (timer) return;
    waitMs = longest * (0.5 + Math.random() / 2);
    timer = setTimeout(() => {
      timer = waitMs = 0;
      [...open.keys()].forEach(ask);
    }, waitMs);
  }

  return {
    /** A workspace or a channel is asked for. */
    ask(id) {
      if (!open.has(id)) open.set(id, 0);
    },
    /** An op came; `ask` is called for what is to be asked for again. */
    hear(op, ask) {
      open.delete(op[ANSWERS[op.k]]);
      isAgain = op.k === "refusal" && PASSING.has(op.code) && [...open.values()].some((times) => times > 0);
      if (op.k === "refusal" && PASSING.has(op.code) && open.size) plan(ask, op.parameters);
    },
    /** How many milliseconds pass between the refusal and asking again; 0 when nothing is to be asked again. */
    waitMs: () => waitMs,
    /** Whether the last op refused what was refused before: it was said already. */
    isAgain: () => isAgain,
  };
}

// What this tab asked for and was not answered yet: the sidebar of a workspace, a page of a channel. A server whose
// database is away for a moment refuses them, and until one is answered the tab hears nothing: it asks again by itself.

const ANSWERS = { sidebar: "ws", gone: "ws", page: "ch", around: "ch", changes: "ch", absent: "ch" };
const PASSING = new Set(["unavailable", "too_many_requests"]);
const AGAIN_MS = 500;
const AGAIN_MAX_MS = 10000;

export function createQuestions() {
  const open = new Map(); // id → how often it was refused since it was asked for the first time
  let timer = 0;
  let isAgain = false;

  /** Ask all of them again, a while later, so that not all tabs ask at once; each time the while is longer. */
  function plan(ask) {
    for (const [id, times] of open) open.set(id, times + 1);
    const wait = Math.min(AGAIN_MAX_MS, AGAIN_MS * 2 ** Math.max(...open.values()));
    timer ||= setTimeout(
      () => {
        timer = 0;
        [...open.keys()].forEach(ask);
      },
      wait * (0.5 + Math.random() / 2),
    );
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
      if (op.k === "refusal" && PASSING.has(op.code) && open.size) plan(ask);
    },
    isWaiting: () => timer !== 0,
    /** Whether the last op refused what was refused before: it was said already. */
    isAgain: () => isAgain,
  };
}

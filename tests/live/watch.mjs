// Looks at a store after each op: a message that is shown must never go back to an earlier state.

export class Watch {
  found = [];
  #store;
  #shown = new Map(); // channel → id → rev

  constructor(store) {
    this.#store = store;
  }

  /** An op was folded. */
  look(op) {
    if (!op.ch) return;
    const feed = this.#store.feed(op.ch);
    const before = this.#shown.get(op.ch) ?? new Map();
    const now = new Map();
    for (const { id, rev } of feed.rows.values()) {
      now.set(id, rev);
      if (before.get(id) > rev) this.found.push(`${op.k} of ${op.ch}: message ${id} went from rev ${before.get(id)} back to ${rev}`);
    }
    // A page that is late sets the feed itself back, and it asks again; a message's own op must not.
    const isPage = op.k === "page" || op.k === "around";
    const rev = this.#shown.get(`rev ${op.ch}`) ?? 0;
    if (feed.isOpen && !isPage && feed.rev < rev) this.found.push(`${op.k} of ${op.ch}: the channel went from rev ${rev} back to ${feed.rev}`);
    this.#shown.set(op.ch, now);
    this.#shown.set(`rev ${op.ch}`, feed.isOpen ? feed.rev : 0);
  }
}

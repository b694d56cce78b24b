// Who is writing in a channel just now, as far as this tab has heard, and saying so of oneself.
import { connection } from "./connection.js";
import { createListeners } from "./observed.js";

const SAY_EVERY_MS = 3000;
const SHOWN_MS = 2 * SAY_EVERY_MS; // one word may get lost
const { tell, subscribe } = createListeners();
const heard = new Map(); // channel → person → the timer that forgets them
const said = new Map(); // channel → when
let send = () => {};
let version = 0;

function changed() {
  version += 1;
  tell();
}

function forget(channel, person) {
  const people = heard.get(channel);
  if (!people?.has(person)) return;
  clearTimeout(people.get(person));
  people.delete(person);
  if (!people.size) heard.delete(channel);
  changed();
}

export const typists = {
  subscribe,
  version: () => version,
  /** The ids of those who write there, who began first at the head. */
  of: (channel) => [...(heard.get(channel)?.keys() ?? [])],
  hear({ ch, u }) {
    if (!heard.has(ch)) heard.set(ch, new Map());
    const people = heard.get(ch);
    clearTimeout(people.get(u.id));
    people.set(u.id, setTimeout(forget, SHOWN_MS, ch, u.id));
    changed();
  },
  /** Their message is there. */
  forget,
  /** How it is said: the handler from Python. */
  sendBy(handler) {
    send = handler;
  },
  /** One's own text grows. Said at most every few seconds, and not to a server that is away. */
  say(channel) {
    const now = Date.now();
    if (connection.get() === "down" || now - (said.get(channel) ?? 0) < SAY_EVERY_MS) return;
    said.set(channel, now);
    send(channel);
  },
  /** What was written is sent: the next text is news at once. */
  rest: (channel) => said.delete(channel),
};

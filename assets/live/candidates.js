// What a word may be completed to: people, channels, emoji. What the tab knows is there at once; what the server finds
// comes in a moment later and stays known.
import { knownEmoji, loadEmoji } from "./emoji.js";
import { initialsOf } from "./format.js";
import { request } from "./request.js";
import { store } from "./store.js";

const found = { people: new Map(), channels: new Map() }; // kind → workspace → id → candidate

/** All candidates of a kind that are known now. */
export function candidatesOf(kind, workspace) {
  if (kind === "emoji") return knownEmoji();
  const { hidden } = store.sidebar(workspace); // made private since they were found
  const known = new Map([...foundIn(kind, workspace)].filter(([id]) => !hidden.has(id)));
  const here = kind === "people" ? peopleHere(workspace) : channelsHere(workspace);
  here.forEach((candidate) => known.set(candidate.id, candidate));
  return [...known.values()];
}

/** Ask the server who or what else there is; resolves when that is known. */
export async function lookUp(kind, workspace, query) {
  if (kind === "emoji") return loadEmoji();
  const { list, one } = SEARCHES[kind] ?? {};
  if (!list) return false;
  const answer = await request("GET", `/api/workspaces/${workspace}/${list}?search=${encodeURIComponent(query)}`);
  if (!answer.ok) return false; // what the tab knows is still offered
  answer.body[list].map(one).forEach((candidate) => foundIn(kind, workspace).set(candidate.id, candidate));
  return true;
}

/** Which list of the server's a kind is looked up in. */
const SEARCHES = { people: { list: "members", one: person }, channels: { list: "channels", one: channel } };

function foundIn(kind, workspace) {
  if (!found[kind].has(workspace)) found[kind].set(workspace, new Map());
  return found[kind].get(workspace);
}

function peopleHere(workspace) {
  const me = store.me();
  return [...store.speakers(workspace), ...(me ? [me] : [])].map(person);
}

function channelsHere(workspace) {
  return [...store.sidebar(workspace).channels.values()].filter(({ c }) => c.name && c.kind !== "direct" && !c.archived).map(({ c }) => channel(c));
}

const made = new WeakMap(); // row → candidate: the same one again keeps its folded names

function person(user) {
  if (!made.has(user)) made.set(user, { id: user.id, names: [user.name, user.handle], insert: `@${user.handle}`, label: user.name, detail: `@${user.handle}`, hue: user.hue, initials: initialsOf(user.name) });
  return made.get(user);
}

function channel(c) {
  if (!made.has(c)) made.set(c, { id: c.id, names: [c.name], insert: `#${c.name}`, label: c.name, sign: c.kind === "private" ? "🔒" : "#" });
  return made.get(c);
}

// Where one could go, for the quick switcher: what this tab knows at once, and what the server finds a moment later.
import { initialsOf } from "./format.js";
import { recents } from "./recents.js";
import { request } from "./request.js";
import { store } from "./store.js";
import { othersOf, titleOf } from "./titles.js";

const SHOWN = 12; // places
const FUZZY = { keys: [{ name: "name", weight: 3 }, "also"], ignoreLocation: true, ignoreDiacritics: true, includeScore: true };
const SHORT_CHARACTERS = 4; // in so few letters an error leaves too little to know a name by
const ERRORS = { short: 0.1, long: 0.38 }; // as a part of what is typed

let fuse = null; // the library, loaded when it is first needed

export function loadFuzzy() {
  fuse ??= import("fuse.js").then((module) => module.default);
  return fuse;
}

function ofChannel(c, unread) {
  if (c.kind === "direct") return ofDirect(c, unread);
  const icon = c.kind === "private" ? "lock" : "hash";
  return { id: c.id, channel: c.id, icon, name: c.name, also: c.topic, path: `/w/${c.ws}/c/${c.id}`, unread, initials: "", hue: 0 };
}

/** A conversation with one other person is that person's place. */
function ofDirect(c, unread) {
  const others = othersOf(c, store);
  const face = others[0] ?? store.me();
  const id = others.length > 1 ? c.id : face.id;
  const initials = others.length > 1 ? String(others.length) : initialsOf(face.name);
  const also = others.length === 1 ? `@${face.handle ?? ""}` : others.map(({ name }) => name).join(", ");
  return { id, channel: c.id, icon: "person", name: titleOf(c, store), also, path: `/w/${c.ws}/c/${c.id}`, unread, initials, hue: face.hue };
}

function ofPerson(user) {
  const { id, name, handle, hue } = user;
  return { id, channel: "", icon: "person", name, also: `@${handle}`, path: "", unread: false, initials: initialsOf(name), hue };
}

/** The channels and people that this tab knows of, those visited lately first. */
export function knownPlaces(workspace, unreadOf) {
  const me = store.me()?.id ?? "";
  const visited = new Map(recents.list(me).map((id, index) => [id, index]));
  const order = ({ channel }) => visited.get(channel) ?? visited.size;
  const channels = [...store.sidebar(workspace).channels.values()].filter(({ c }) => !c.archived).map((entry) => ofChannel(entry.c, unreadOf(entry)));
  return channels.sort((a, b) => order(a) - order(b) || Number(b.unread) - Number(a.unread) || a.name.localeCompare(b.name));
}

/** The places most like the text, the best first; of two alike the one visited later. */
export async function likePlaces(text, known) {
  const Fuse = await loadFuzzy();
  const typed = text.replace(/^[#@]/, "");
  const threshold = typed.length <= SHORT_CHARACTERS ? ERRORS.short : ERRORS.long;
  return new Fuse(known, { ...FUZZY, threshold }).search(typed).map(({ item }) => item);
}

/** What the server finds: also channels one is not in, and people who have said nothing yet; null if it did not answer. */
export async function findPlaces(workspace, text) {
  const answer = await request("GET", `/api/workspaces/${workspace}/places?search=${encodeURIComponent(text)}`);
  if (!answer.ok) return null;
  const { channels, people } = answer.body;
  return [...channels.map((c) => ofChannel(c, false)), ...people.map(ofPerson)];
}

/** Both, each place once, no more than can be looked over. */
export function merged(local, found) {
  const places = new Map();
  for (const place of [...local, ...found]) if (!places.has(place.id)) places.set(place.id, place);
  return [...places.values()].slice(0, SHOWN);
}

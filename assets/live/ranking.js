// Which of many candidates somebody means: what begins so before what holds it, and what was chosen lately first.
export const SHOWN_LIMIT = 8;

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Without accents and case. */
export function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** 0 all of it, 1 its beginning, 2 the beginning of one of its words, 3 inside; Infinity when it is not there. */
function distance(word, query) {
  if (word === query) return 0;
  if (word.startsWith(query)) return 1;
  if (word.split(/[\s._-]+/).some((part) => part.startsWith(query))) return 2;
  return word.includes(query) ? 3 : Infinity;
}

/** The best of `candidates`, each `{id, names: […]}`, for what was typed; `recents` are ids, the latest first. */
export function rank(candidates, query, recents = [], limit = SHOWN_LIMIT) {
  const wanted = fold(query);
  const latest = new Map(recents.map((id, index) => [id, index]));
  return candidates
    .map((candidate) => ({ candidate, ...nearest(candidate, wanted) }))
    .filter(({ far }) => far < Infinity)
    .sort((a, b) => a.far - b.far || recency(latest, a) - recency(latest, b) || a.at - b.at || byName(a, b))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** How far its nearest name is, and which of its names that is: the first is what it is called. */
function nearest(candidate, wanted) {
  const distances = foldedNames(candidate).map((name) => distance(name, wanted));
  const far = Math.min(...distances);
  return { far, at: distances.indexOf(far) };
}

function byName(a, b) {
  return collator.compare(a.candidate.names[0], b.candidate.names[0]);
}

const folded = new WeakMap(); // candidate → its names without accents: thousands of emoji are ranked with each key

function foldedNames(candidate) {
  if (!folded.has(candidate)) folded.set(candidate, candidate.names.map(fold));
  return folded.get(candidate);
}

function recency(latest, { candidate }) {
  return latest.get(candidate.id) ?? latest.size;
}

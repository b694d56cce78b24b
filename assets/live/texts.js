// The sentences that people read, by key; the catalogue is rxapp/texts/en.json.
import catalogue from "$/public/external/rxapp/texts/var/en.json";

/** The sentence of a key; {names} in it are replaced by parameters. */
export function t(key, parameters) {
  const text = catalogue[key];
  if (text === undefined) return key;
  return text.replace(/\{(\w+)\}/g, (_, name) => parameters?.[name] ?? "");
}

/** The sentence of a refusal, as services give it: a code and parameters. */
export function refusalText(code, parameters) {
  const known = catalogue[`error.${code}`];
  return t(known === undefined ? "error.unavailable" : `error.${code}`, parameters);
}

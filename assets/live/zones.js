// The time zones that one may choose from.

/** The zone this browser is in. */
export function browserZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}

/** Every zone this browser knows, its own and the one that was chosen among them, with a name to show. */
export function zones(chosen) {
  const names = new Set([...Intl.supportedValuesOf("timeZone"), browserZone(), chosen].filter(Boolean));
  return [...names].sort().map((value) => ({ value, name: value.replaceAll("_", " ") }));
}

// What a channel or a conversation is called: for the sidebar, the header, the composer and wherever else it is named.
import { compareNames } from "./format.js";
import { t } from "./texts.js";

const NAMED_PEOPLE = 3; // more would be cut off anyway

/** The people of a direct conversation besides oneself, by name; an id that is not known yet has no name. */
export function othersOf(c, store) {
  const me = store.me()?.id;
  return (c.people ?? [])
    .filter((id) => id !== me)
    .map((id) => store.user(id) ?? { id, name: "", hue: 0 })
    .sort((a, b) => compareNames(a.name, b.name));
}

/** A channel's name, or who a direct conversation is with. `c` is a channel's view. */
export function titleOf(c, store) {
  if (c?.kind !== "direct") return c?.name ?? "";
  const names = othersOf(c, store).map(({ name }) => name);
  if (names.length === 0) return t("direct.notes");
  if (names.length === 1) return names[0];
  if (names.length <= NAMED_PEOPLE) return t("direct.names", { names: names.slice(0, -1).join(", "), last: names.at(-1) });
  return t("direct.names_more", { names: names.slice(0, NAMED_PEOPLE - 1).join(", "), count: names.length - NAMED_PEOPLE + 1 });
}

/** What the field says in which one writes. */
export function composerLabelOf(c, store) {
  const isNotes = c?.kind === "direct" && !othersOf(c, store).length;
  return isNotes ? t("composer.label_notes") : t("composer.label", { channel: mentionOf(c, store) });
}

/** The title as one speaks of it: `#general`, `Ada`. */
export function mentionOf(c, store) {
  return c?.kind === "direct" ? titleOf(c, store) : `#${titleOf(c, store)}`;
}

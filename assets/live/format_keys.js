// Which keys mean which format. Names are those of formatting.js.
export const IS_MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

const KEYS = {
  bold: { code: "KeyB" },
  italic: { code: "KeyI" },
  strike: { code: "KeyX", shift: true },
  code: { code: "KeyE" },
  block: { code: "KeyC", shift: true, alt: true },
  link: { code: "KeyU", shift: true },
  quote: { code: "Digit9", shift: true },
  numbers: { code: "Digit7", shift: true },
  bullets: { code: "Digit8", shift: true },
};
const ALSO = [{ name: "code", code: "KeyC", shift: true }];
const LETTER = /^Key[A-Z]$/;

/** The format that a key event asks for, or nothing. Cmd-K makes a link only of what is selected. */
export function formatOf(event, hasSelection) {
  const isCommand = IS_MAC ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  if (!isCommand || event.getModifierState?.("AltGraph")) return "";
  const is = ({ code, shift = false, alt = false }) => isKey(event, code) && event.shiftKey === shift && event.altKey === alt;
  const found = Object.entries(KEYS).find(([, keys]) => is(keys));
  if (found) return found[0];
  if (hasSelection && is({ code: "KeyK" })) return "link";
  return ALSO.find(is)?.name ?? "";
}

/** Letters by what the layout says, so that they are where they are printed; digits by their place. */
function isKey(event, code) {
  if (LETTER.test(code) && /^[a-z]$/i.test(event.key)) return event.key.toUpperCase() === code.slice(3);
  return event.code === code;
}

/** The keys as people write them: Ctrl+Shift+X, ⇧⌘X. */
export function keysOf(name, isMac = IS_MAC) {
  const { code, shift, alt } = KEYS[name];
  const key = code.slice(-1);
  if (isMac) return `${alt ? "⌥" : ""}${shift ? "⇧" : ""}⌘${key}`;
  return ["Ctrl", alt && "Alt", shift && "Shift", key].filter(Boolean).join("+");
}

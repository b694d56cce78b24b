// How much of a message's room is used, said when it becomes scarce.
import { createElement as h } from "react";
import { MESSAGE_MAX_CHARACTERS } from "./message_length.js";
import { t } from "./texts.js";

const COUNT_FROM_CHARACTERS = 15000;

export function TooLong({ length }) {
  if (length < COUNT_FROM_CHARACTERS) return null;
  const isOver = length > MESSAGE_MAX_CHARACTERS;
  const text = t(isOver ? "composer.too_long" : "composer.count", { length, limit: MESSAGE_MAX_CHARACTERS });
  return h("p", { role: "status", className: isOver ? "refusal" : "composer-count" }, text);
}

// Choosing several people: one types a name, picks from what is found, and those picked stand as chips in the field.
// Enter picks, and with nothing typed it confirms; Backspace in the empty field takes the last one away.
import { createElement as h, useEffect, useId, useRef, useState } from "react";
import { initialsOf } from "./format.js";
import { store } from "./store.js";
import { t } from "./texts.js";

const SEARCH_AFTER_MS = 200;

const NAVIGATION = { ArrowDown: 1, ArrowUp: -1 };

const isMe = (person) => person.id === store.me()?.id;

/** `found` are the people who match `searched`; both are what the server said last. */
export function PeoplePicker({ found, searched, limit, label, hint, full, confirm, needsOne, onSearch, onConfirm }) {
  const [chosen, setChosen] = useState([]);
  const [text, setText] = useState("");
  const [active, setActive] = useState(-1);
  const wantsFirst = useRef(false); // Enter came before the answer
  const input = useRef(null);
  const list = useRef(null);
  const id = useId();
  const isFull = chosen.length >= limit;
  const isOut = (person) => chosen.some((other) => other.id === person.id) || (chosen.length > 0 && isMe(person));
  const open = isFull ? [] : found.filter((person) => !isOut(person));
  const isSettled = searched === text.trim();

  useEffect(() => {
    if (isSettled) return undefined;
    const timer = setTimeout(() => onSearch(text.trim()), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    setActive(text.trim() && open.length ? 0 : -1);
    if (wantsFirst.current && isSettled) {
      wantsFirst.current = false;
      if (open[0]) choose(open[0]);
    }
  }, [found, isSettled, text]);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const choose = (person) => {
    setChosen([...chosen, person]);
    setText("");
    setActive(-1);
    input.current?.focus();
  };
  const drop = (person) => {
    setChosen(chosen.filter((other) => other.id !== person.id));
    input.current?.focus();
  };
  const isReady = !needsOne || chosen.length > 0;
  const submit = (event) => {
    event.preventDefault();
    if (isReady && !text.trim()) onConfirm(chosen.map((person) => person.id));
  };
  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing) return;
    const step = NAVIGATION[event.key];
    if (step && open.length) {
      event.preventDefault();
      setActive((active + step + open.length + (active < 0 && step < 0 ? 1 : 0)) % open.length);
    } else if (event.key === "Backspace" && !text && chosen.length) drop(chosen.at(-1));
    else if (event.key === "Enter" && (text.trim() || active >= 0)) {
      event.preventDefault();
      if (active > 0 || isSettled) open[active] && choose(open[active]);
      else wantsFirst.current = true;
    }
  };

  return h(
    "form",
    { onSubmit: submit, className: "grid gap-3" },
    h(
      "div",
      { className: "picker-box", onClick: () => input.current?.focus() },
      chosen.map((person) => h(Chip, { key: person.id, person, onRemove: () => drop(person) })),
      h("input", {
        ref: input,
        value: text,
        autoFocus: true,
        autoComplete: "off",
        role: "combobox",
        placeholder: chosen.length ? "" : label,
        "aria-label": label,
        "aria-describedby": `${id}hint`,
        "aria-expanded": open.length > 0,
        "aria-controls": `${id}list`,
        "aria-activedescendant": open[active] ? `${id}${open[active].id}` : undefined,
        className: "picker-input",
        onChange: (event) => setText(event.target.value),
        onKeyDown,
      }),
    ),
    h("p", { id: `${id}hint`, className: "muted m-0 text-[13px]" }, isFull ? full : hint),
    h(
      "ul",
      { ref: list, id: `${id}list`, role: "listbox", "aria-label": t("direct.found"), className: "picker-list" },
      open.map((person, index) =>
        h(Option, { key: person.id, id: `${id}${person.id}`, person, isActive: index === active, onChoose: () => choose(person) }),
      ),
    ),
    isSettled && text.trim() && !open.length && h("p", { role: "status", className: "muted m-0" }, t("members.none")),
    h(
      "div",
      { className: "dialog-actions" },
      h("button", { type: "submit", className: "button-primary", disabled: !isReady }, confirm),
    ),
  );
}

function Face({ person, className }) {
  const style = { background: `hsl(${person.hue} 45% var(--avatar-lightness))` };
  return h("span", { "aria-hidden": true, className: `picker-face ${className}`, style }, initialsOf(person.name));
}

function Chip({ person, onRemove }) {
  const remove = t("direct.remove", { name: person.name });
  return h(
    "span",
    { className: "picker-chip" },
    h(Face, { person, className: "size-5 text-[9px]" }),
    h("span", { className: "truncate" }, person.name),
    h("button", { type: "button", "aria-label": remove, title: remove, onClick: onRemove }, "×"),
  );
}

function Option({ id, person, isActive, onChoose }) {
  return h(
    "li",
    { id, role: "option", "aria-selected": isActive, className: "picker-option", onClick: onChoose },
    h(Face, { person, className: "size-7 text-[11px]" }),
    h("span", { className: "truncate font-medium" }, isMe(person) ? t("direct.you", { name: person.name }) : person.name),
    h("span", { className: "muted truncate text-[13px]" }, `@${person.handle}`),
  );
}

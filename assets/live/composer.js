// Where one writes. Nothing here waits for the server: a message goes to the outbox, a draft stays in the browser.
import { createElement as h, useCallback, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { editing, editNewest } from "./editing.js";
import { useInsertion } from "./insertion.js";
import { outbox } from "./outbox.js";
import { usePlace } from "./place.js";
import { request } from "./request.js";
import { store } from "./store.js";
import { refusalText, t } from "./texts.js";

const MESSAGE_MAX_CHARACTERS = 16383;
const COUNT_FROM_CHARACTERS = 15000;
const GROWS_TO_PX = 320;
const DRAFT = "confab.draft.";

const lengthOf = (text) => [...text].length; // code points, as the server counts

function useGrowing(ref, text) {
  useLayoutEffect(() => {
    const area = ref.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, GROWS_TO_PX)}px`;
  }, [text]);
}

function Area({ label, text, setText, onSubmit, onEscape, onUp, areaRef, placeholder, autoFocus }) {
  const own = useRef(null);
  const ref = areaRef ?? own;
  useGrowing(ref, text);
  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing) return; // an input method still chooses its characters
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      onSubmit();
    } else if (event.key === "Escape") onEscape?.();
    else if (event.key === "ArrowUp" && !text && onUp?.()) event.preventDefault();
  };
  return h("textarea", {
    ref,
    rows: 1,
    value: text,
    placeholder,
    autoFocus,
    "aria-label": label,
    className: "composer-area",
    onChange: (event) => setText(event.target.value),
    onKeyDown,
  });
}

function TooLong({ length }) {
  if (length < COUNT_FROM_CHARACTERS) return null;
  const isOver = length > MESSAGE_MAX_CHARACTERS;
  const text = t(isOver ? "composer.too_long" : "composer.count", { length, limit: MESSAGE_MAX_CHARACTERS });
  return h("p", { role: "status", className: isOver ? "refusal" : "muted" }, text);
}

export function Composer() {
  const { channel } = usePlace();
  useSyncExternalStore(store.subscribe, store.version, store.version);
  const feed = store.feed(channel);
  const me = store.me();
  if (!channel || !me || !feed.isOpen || !feed.joined) return null;
  return h(ChannelComposer, { key: channel, channel, me: me.id, name: feed.about?.name ?? "" });
}

function ChannelComposer({ channel, me, name }) {
  const slot = `${DRAFT}${me}.${channel}`;
  const [text, setText] = useState(() => localStorage.getItem(slot) ?? "");
  const area = useRef(null);
  const length = lengthOf(text);
  const isReady = text.trim() !== "" && length <= MESSAGE_MAX_CHARACTERS;
  useEffect(() => {
    if (text) localStorage.setItem(slot, text);
    else localStorage.removeItem(slot);
  }, [slot, text]);
  useEffect(() => {
    if (window.matchMedia("(pointer: fine)").matches) area.current?.focus();
  }, []);
  const take = useCallback((inserted) => {
    setText((written) => (written.trim() ? `${written.trimEnd()}\n\n${inserted}` : inserted));
    area.current?.focus();
    requestAnimationFrame(() => area.current?.setSelectionRange(area.current.value.length, area.current.value.length));
  }, []);
  useInsertion(take);
  const send = () => {
    if (!isReady) return;
    outbox.post(channel, text);
    setText("");
    area.current?.focus();
  };
  const label = t("composer.label", { channel: name });
  return h(
    "form",
    { className: "composer", onSubmit: (event) => (event.preventDefault(), send()) },
    h(TooLong, { length }),
    h(
      "div",
      { className: "composer-box" },
      h(Area, { label, placeholder: label, text, setText, areaRef: area, onSubmit: send, onUp: () => editNewest(channel) }),
      h("button", { type: "submit", className: "button-primary", disabled: !isReady }, t("composer.send")),
    ),
  );
}

export function MessageEditor({ message }) {
  const [source, setSource] = useState(null);
  const [text, setText] = useState("");
  const [refusal, setRefusal] = useState("");
  const [isSaving, setSaving] = useState(false);
  const length = lengthOf(text);
  const refuse = ({ code, parameters }) => setRefusal(refusalText(code, parameters));
  useEffect(() => {
    request("GET", `/api/messages/${message}/source`).then((answer) => {
      if (!answer.ok) return refuse(answer.error);
      setSource(answer.body.source);
      setText(answer.body.source);
    });
  }, [message]);
  const cancel = () => editing.set("");
  const save = async () => {
    if (isSaving || source === null || !text.trim() || length > MESSAGE_MAX_CHARACTERS) return;
    setSaving(true);
    const answer = await request("PATCH", `/api/messages/${message}`, { source: text });
    setSaving(false);
    if (!answer.ok) return refuse(answer.error); // the text stays
    const row = answer.body;
    store.apply({ k: "edit", ch: row.ch, rev: row.rev, m: row });
    cancel();
  };
  const label = t("message.edit_label");
  return h(
    "form",
    { className: "message-editor", onSubmit: (event) => (event.preventDefault(), save()) },
    refusal && h("p", { role: "alert", className: "refusal" }, refusal),
    h(TooLong, { length }),
    source === null
      ? h("p", { className: "muted" }, t("loading"))
      : h(Area, { label, text, setText, autoFocus: true, onSubmit: save, onEscape: cancel }),
    h(
      "div",
      { className: "editor-actions" },
      h("button", { type: "button", className: "button", onClick: cancel }, t("message.edit_cancel")),
      h("button", { type: "submit", className: "button-primary", disabled: isSaving || !text.trim() }, t("message.edit_save")),
    ),
  );
}

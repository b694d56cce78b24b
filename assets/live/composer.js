// Where one writes to a channel. Nothing here waits for the server: a message goes to the outbox, a draft is kept as it
// is typed. The buttons come from Python.
import { createElement as h, useEffect, useRef, useSyncExternalStore } from "react";
import { Area } from "./area.js";
import { drafts } from "./drafts.js";
import { editNewest } from "./editing.js";
import { lengthOf, MESSAGE_MAX_CHARACTERS } from "./message_length.js";
import { openArea } from "./open_area.js";
import { outbox } from "./outbox.js";
import { usePlace } from "./place.js";
import { standingIn } from "./standing.js";
import { store } from "./store.js";
import { useStrayKeys } from "./stray_keys.js";
import { t } from "./texts.js";
import { composerLabelOf } from "./titles.js";
import { TooLong } from "./too_long.js";
import { toolbar } from "./toolbar.js";
import { typists } from "./typists.js";

export function Composer({ formats, extras, sendIcon, onTyping }) {
  const { workspace, channel } = usePlace();
  useEffect(() => typists.sendBy(onTyping), [onTyping]);
  useSyncExternalStore(store.subscribe, store.version, store.version);
  const { about, joined } = standingIn(workspace, channel);
  if (!channel || !store.me() || !joined || about?.archived) return null;
  return h(ChannelComposer, { key: channel, channel, about, formats, extras, sendIcon });
}

function ChannelComposer({ channel, about, formats, extras, sendIcon }) {
  const text = useSyncExternalStore(drafts.subscribe, () => drafts.text(channel), () => "");
  const isFormatting = useSyncExternalStore(toolbar.subscribe, toolbar.isShown, toolbar.isShown);
  const area = useRef(null);
  const length = lengthOf(text);
  const isReady = text.trim() !== "" && length <= MESSAGE_MAX_CHARACTERS;
  useEffect(() => openArea(area.current), []);
  useEffect(() => {
    if (window.matchMedia("(pointer: fine)").matches) focusAtEnd(area.current);
  }, []);
  useStrayKeys();
  const send = () => {
    if (!isReady) return;
    outbox.post(channel, text);
    drafts.clear(channel);
    typists.rest(channel);
    area.current?.focus();
  };
  const label = composerLabelOf(about, store);
  return h(
    "form",
    { className: "composer", onSubmit: (event) => (event.preventDefault(), send()) },
    h(TooLong, { length }),
    h(
      "div",
      { className: "composer-box" },
      isFormatting && h("div", { className: "composer-formats", onMouseDown: keepFocus }, formats),
      h(Area, {
        label,
        placeholder: label,
        text,
        setText: (next) => {
          drafts.write(channel, next);
          if (next.trim()) typists.say(channel);
        },
        areaRef: area,
        onSubmit: send,
        onUp: () => editNewest(channel),
        onBlur: () => drafts.flush(),
      }),
      h(
        "div",
        { className: "composer-actions", onMouseDown: keepFocus },
        extras,
        h("button", { type: "submit", className: "composer-send", "aria-label": t("composer.send"), title: t("composer.send"), disabled: !isReady }, sendIcon),
      ),
    ),
  );
}

function focusAtEnd(area) {
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
}

/** A button does not take the selection away that it is about. */
function keepFocus(event) {
  event.preventDefault();
}

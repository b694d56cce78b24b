// The quick switcher: type a part of a name, press Enter, be there. A combobox over a list, in a dialog of its own.
import { createElement as h, memo, useEffect, useId, useRef, useState } from "react";
import { closeAndGo, showRefusal } from "./dialog.js";
import { usePlace } from "./place.js";
import { findPlaces, knownPlaces, likePlaces, loadFuzzy, merged } from "./places.js";
import { request } from "./request.js";
import { isUnread } from "./sidebar.js";
import { t } from "./texts.js";

const ASK_AFTER_MS = 120;

const Option = memo(({ place, render }) => render(place));

/** The places for what is typed: at once what is known here, and a moment later what the server adds, if it answers. */
function usePlaces(workspace, channel, text) {
  const [places, setPlaces] = useState([]);
  const [isAlone, setAlone] = useState(false);
  useEffect(() => {
    let isCurrent = true;
    const known = knownPlaces(workspace, isUnread);
    const typed = text.trim();
    if (!typed) {
      setAlone(false);
      setPlaces(merged(known.filter((place) => place.channel !== channel), []));
      return undefined;
    }
    let local = [];
    const show = (found) => isCurrent && setPlaces(merged(local, found));
    const begun = likePlaces(typed, known).then((like) => {
      local = like;
      show([]);
    });
    const timer = setTimeout(async () => {
      const [found] = await Promise.all([findPlaces(workspace, typed), begun]);
      show(found ?? []);
      if (isCurrent) setAlone(!found);
    }, ASK_AFTER_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [workspace, channel, text]);
  return { places, isAlone };
}

async function go(workspace, place) {
  if (place.path) return closeAndGo(place.path);
  const answer = await request("POST", `/api/workspaces/${workspace}/direct`, { user_ids: [place.id] });
  if (answer.ok) closeAndGo(`/w/${workspace}/c/${answer.body.id}`);
  else showRefusal(answer.error.code, answer.error.parameters);
}

export function QuickSwitcher({ row }) {
  const { workspace, channel } = usePlace();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const { places, isAlone } = usePlaces(workspace, channel, text);
  const list = useRef(null);
  const id = useId();
  const index = Math.min(at, Math.max(0, places.length - 1));
  useEffect(() => {
    loadFuzzy();
  }, []);
  useEffect(() => {
    list.current?.children[index]?.scrollIntoView({ block: "nearest" });
  }, [index, places]);
  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && places.length) setAt((index + step + places.length) % places.length);
    else if (event.key === "Enter" && places[index]) go(workspace, places[index]);
    else return;
    event.preventDefault();
  };
  const onChange = (event) => {
    setText(event.target.value);
    setAt(0);
  };
  return [
    h("input", {
      key: "text",
      type: "text",
      role: "combobox",
      autoComplete: "off",
      spellCheck: false,
      value: text,
      className: "input",
      placeholder: t("switcher.placeholder"),
      "aria-label": t("switcher.placeholder"),
      "aria-expanded": true,
      "aria-controls": id,
      "aria-autocomplete": "list",
      "aria-activedescendant": places[index] ? `${id}-${index}` : undefined,
      onChange,
      onKeyDown,
    }),
    h(
      "div",
      { key: "places", ref: list, id, role: "listbox", "aria-label": t("switcher.places"), className: "switcher-places" },
      places.map((place, position) =>
        h(
          "div",
          {
            key: place.id,
            id: `${id}-${position}`,
            role: "option",
            "aria-selected": position === index,
            className: "switcher-place",
            onPointerMove: () => setAt(position),
            onClick: () => go(workspace, place),
          },
          h(Option, { place, render: row }),
        ),
      ),
    ),
    isAlone && h("p", { key: "alone", role: "status", className: "refusal m-0" }, t("switcher.alone")),
    !isAlone && !places.length && text.trim() && h("p", { key: "none", role: "status", className: "muted m-0" }, t("switcher.none", { text })),
  ];
}

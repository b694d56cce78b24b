// Forwarding a message: where to, and what one says to it. Each opening of the form has one key, so that pressing the
// button again after the network failed does not forward twice.
import { createElement as h, useEffect, useId, useRef, useState } from "react";
import { toast } from "sonner";
import { closeDialog, dialogValue } from "./dialog.js";
import { goTo, usePlace } from "./place.js";
import { knownPlaces, likePlaces } from "./places.js";
import { request } from "./request.js";
import { isUnread } from "./sidebar.js";
import { store } from "./store.js";
import { refusalText, t } from "./texts.js";
import { newUuid } from "./uuid.js";

const SHOWN_PLACES = 8;
const PREVIEW_CHARACTERS = 400;

/** The conversations one is in, those most like the text first. */
function usePlaces(workspace, text) {
  const [places, setPlaces] = useState([]);
  useEffect(() => {
    let isCurrent = true;
    const known = knownPlaces(workspace, isUnread).filter(({ path }) => path);
    const show = (found) => isCurrent && setPlaces(found.slice(0, SHOWN_PLACES));
    if (text.trim()) likePlaces(text.trim(), known).then(show);
    else show(known);
    return () => {
      isCurrent = false;
    };
  }, [workspace, text]);
  return places;
}

function useSource(message) {
  const [source, setSource] = useState("");
  const [refusal, setRefusal] = useState("");
  useEffect(() => {
    request("GET", `/api/messages/${message}/source`).then((answer) => {
      if (answer.ok) setSource(answer.body.source);
      else setRefusal(refusalText(answer.error.code, answer.error.parameters));
    });
  }, [message]);
  if (refusal) return refusal;
  return source.length > PREVIEW_CHARACTERS ? `${source.slice(0, PREVIEW_CHARACTERS)} …` : source;
}

export function ForwardForm({ row }) {
  const { workspace, channel } = usePlace();
  const [message] = useState(dialogValue);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(null);
  const [refusal, setRefusal] = useState("");
  const [isBusy, setBusy] = useState(false);
  const key = useRef(newUuid());
  const comment = useRef(null);
  const places = usePlaces(workspace, text);
  const source = useSource(message);
  const from = store.sidebar(workspace).channels.get(channel)?.c ?? store.feed(channel).about;
  const leaves = chosen && chosen.channel !== channel && from && from.kind !== "public" ? from.kind : "";

  const forward = async (event) => {
    event.preventDefault();
    if (isBusy || !chosen) return;
    setBusy(true);
    const body = { channel_id: chosen.channel, client_key: key.current, comment: comment.current.value };
    const answer = await request("POST", `/api/messages/${message}/forwards`, body);
    setBusy(false);
    if (!answer.ok) return setRefusal(refusalText(answer.error.code, answer.error.parameters));
    closeDialog();
    const action = chosen.channel !== channel && { label: t("forward.go"), onClick: () => goTo(chosen.path) };
    toast.success(t("forward.done", { name: chosen.name }), { action: action || undefined });
  };
  const choose = (place) => {
    if (place.id !== chosen?.id) key.current = newUuid();
    setChosen(place);
  };
  const label = chosen ? t("forward.confirm_to", { name: chosen.name }) : t("forward.confirm");
  return h(
    "form",
    { className: "grid grid-cols-[minmax(0,1fr)] gap-4", onSubmit: forward, "aria-busy": isBusy },
    refusal && h("p", { role: "alert", className: "refusal" }, refusal),
    h("blockquote", { className: "forward-original", "aria-label": t("forward.original") }, source || t("loading")),
    h(Places, { text, setText, places, chosen, choose, row }),
    leaves && h("p", { role: "status", className: "forward-warning" }, t(`forward.leaves_${leaves}`)),
    h(
      "label",
      { className: "field" },
      t("forward.comment"),
      h("textarea", { ref: comment, rows: 2, className: "input", placeholder: t("forward.comment_hint") }),
    ),
    h(
      "div",
      { className: "dialog-actions" },
      h("button", { type: "button", className: "button", onClick: closeDialog }, t("cancel")),
      h("button", { type: "submit", className: "button-primary", disabled: !chosen || isBusy }, label),
    ),
  );
}

function Places({ text, setText, places, chosen, choose, row }) {
  const name = useId();
  const chooseFirst = (event) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (places[0]) choose(places[0]);
  };
  return h(
    "div",
    { className: "grid gap-2" },
    h("input", {
      type: "search",
      className: "input",
      autoFocus: true,
      value: text,
      placeholder: t("forward.search"),
      "aria-label": t("forward.search"),
      onChange: (event) => setText(event.target.value),
      onKeyDown: chooseFirst,
    }),
    h(
      "div",
      { role: "radiogroup", "aria-label": t("forward.places"), className: "forward-places" },
      places.map((place) =>
        h(
          "label",
          { key: place.id, className: "forward-place" },
          h("input", { type: "radio", name, checked: place.id === chosen?.id, onChange: () => choose(place) }),
          row(place),
        ),
      ),
    ),
    places.length === 0 && h("p", { role: "status", className: "muted m-0" }, t("forward.none")),
  );
}

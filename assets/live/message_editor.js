// Where one edits a message, in its row.
import { createElement as h, useEffect, useState } from "react";
import { Area } from "./area.js";
import { editing } from "./editing.js";
import { lengthOf, MESSAGE_MAX_CHARACTERS } from "./message_length.js";
import { request } from "./request.js";
import { store } from "./store.js";
import { refusalText, t } from "./texts.js";
import { TooLong } from "./too_long.js";

export function MessageEditor({ message }) {
  const [source, setSource] = useState(null);
  const [text, setText] = useState("");
  const [refusal, setRefusal] = useState("");
  const [isSaving, setSaving] = useState(false);
  const length = lengthOf(text);
  const isReady = source !== null && text.trim() !== "" && length <= MESSAGE_MAX_CHARACTERS && !isSaving;
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
    if (!isReady) return;
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
      h("button", { type: "submit", className: "button-primary", disabled: !isReady }, t("message.edit_save")),
    ),
  );
}

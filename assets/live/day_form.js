// Asks for a day to jump to.
import { createElement as h, useId, useState } from "react";
import { closeDialog } from "./dialog.js";
import { dateInputOf, dayOfInput } from "./format.js";
import { jumpToMoment } from "./jump.js";
import { t } from "./texts.js";

export function DayForm() {
  const [date, setDate] = useState(() => dateInputOf(Date.now()));
  const id = useId();
  const jump = (event) => {
    event.preventDefault();
    closeDialog();
    jumpToMoment(dayOfInput(date));
  };
  return h(
    "form",
    { className: "dialog-form", onSubmit: jump },
    h("label", { className: "field", htmlFor: id }, t("jump.day")),
    h("input", {
      id,
      type: "date",
      className: "input",
      required: true,
      autoFocus: true,
      value: date,
      onChange: (event) => setDate(event.target.value),
    }),
    h(
      "div",
      { className: "dialog-actions" },
      h("button", { type: "button", className: "button", onClick: closeDialog }, t("cancel")),
      h("button", { type: "submit", className: "button-primary" }, t("jump.confirm")),
    ),
  );
}

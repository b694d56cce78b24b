// A day and its time, where they stand alone.
import { createElement as h } from "react";

const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function Moment({ at }) {
  return h("time", { dateTime: new Date(at).toISOString() }, format.format(at));
}

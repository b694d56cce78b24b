// A form that is posted to the API, for what a socket cannot do: cookies come with an answer to a request. What was
// typed stays when it is refused.
import { createElement as h, useState } from "react";
import { useParams } from "react-router";
import { showRefusal } from "./dialog.js";
import { request } from "./request.js";
import { refusalText, t } from "./texts.js";

const SIGNED_OUT_STATUS = 401;

export function ApiForm({ action, nextPath, carry, className, children }) {
  const params = useParams();
  const [refusal, setRefusal] = useState("");
  const [isBusy, setBusy] = useState(false);
  const onSubmit = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    const path = filled(action, params);
    const fields = { ...Object.fromEntries(new FormData(event.target)), ...carried(carry, params) };
    const answer = await request("POST", path, fields);
    if (!answer.ok) {
      setRefusal(refusalText(answer.error.code, answer.error.parameters));
      setBusy(false);
      return;
    }
    sessionStorage.removeItem("token"); // the state on the server belongs to who was here before
    window.location.assign(pathOf(filled(nextPath ?? "", answer.body)));
  };
  return h(
    "form",
    { onSubmit, className, "aria-busy": isBusy, noValidate: false },
    refusal && h("p", { role: "alert", className: "refusal" }, refusal),
    children,
    isBusy && h("p", { role: "status", className: "sr-only" }, t("loading")),
  );
}

/** A path with what the answer says in the places of its `{names}`. */
function filled(path, values) {
  return path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name] ?? ""));
}

/** What comes from the address: `param:name` from its path, `query:name` from behind the question mark. */
function carried(carry, params) {
  const query = new URLSearchParams(window.location.search);
  const entries = Object.entries(carry ?? {}).map(([field, from]) => {
    const [kind, name] = from.split(":");
    return [field, (kind === "param" ? params[name] : query.get(name)) ?? ""];
  });
  return Object.fromEntries(entries);
}

/** Where to go on: the address this page was asked for, when it is one of ours. */
function pathOf(next) {
  const asked = new URLSearchParams(window.location.search).get("next") ?? "";
  // The browser's own reading decides: it passes over tabs and line ends, and `/\t/elsewhere` is another host.
  const isOurs = asked.startsWith("/") && URL.canParse(asked, window.location.origin);
  const url = isOurs && new URL(asked, window.location.origin);
  return url && url.origin === window.location.origin ? url.href : next || "/";
}

export async function logOut() {
  const answer = await request("DELETE", "/api/session");
  if (!answer.ok && answer.status !== SIGNED_OUT_STATUS) return showRefusal(answer.error.code, answer.error.parameters);
  sessionStorage.removeItem("token");
  window.location.assign("/login");
}

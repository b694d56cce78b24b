// What a person says of themselves, rendered by a function from Python: asked for when it is shown, and again when the
// tab hears that the person changed.
import { createElement as h, useEffect, useState, useSyncExternalStore } from "react";
import { dateOf, initialsOf, timeIn } from "./format.js";
import { usePaneValue } from "./pane.js";
import { usePlace } from "./place.js";
import { request } from "./request.js";
import { store } from "./store.js";
import { refusalText, t } from "./texts.js";
import { Kept } from "./value.js";
import { browserZone } from "./zones.js";

const MINUTE_MS = 60 * 1000;

/** The time, anew at every full minute. */
function useMinute() {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), MINUTE_MS - (now % MINUTE_MS));
    return () => clearTimeout(timer);
  }, [now]);
  return now;
}

/** What the server answers of somebody; `null` before it does. */
function useAnswer(workspace, id) {
  const [answer, setAnswer] = useState(null);
  const [tries, setTries] = useState(0);
  const rev = store.user(id)?.rev;
  useEffect(() => {
    if (!id || !workspace) return;
    let isCurrent = true;
    request("GET", `/api/workspaces/${workspace}/people/${encodeURIComponent(id)}`).then(
      (next) => isCurrent && setAnswer({ ...next, id }),
    );
    return () => {
      isCurrent = false;
    };
  }, [workspace, id, rev, tries]);
  return [answer?.id === id ? answer : null, () => setTries(tries + 1)];
}

export function Profile({ own, renderItem, loading }) {
  useSyncExternalStore(store.subscribe, store.version, store.version);
  const { workspace } = usePlace();
  const about = usePaneValue();
  const now = useMinute();
  const id = own ? (store.me()?.id ?? "") : about;
  const [answer, again] = useAnswer(workspace, id);
  if (!answer) return loading;
  if (!answer.ok) return h(Refused, { error: answer.error, again });
  return h(Kept, { key: id, value: profileOf(answer.body, now), render: renderItem });
}

function Refused({ error, again }) {
  return h(
    "div",
    { role: "alert", className: "refusal" },
    h("p", { className: "m-0" }, refusalText(error.code, error.parameters)),
    error.code !== "not_found" && h("button", { type: "button", className: "text-button", onClick: again }, t("message.again")),
  );
}

function profileOf(said, now) {
  const known = store.user(said.id);
  const user = known?.rev > said.rev ? { ...said, ...known } : said; // the rest of what changed is on its way
  const time = said.tz && timeIn(said.tz, now);
  return {
    id: user.id,
    name: user.name,
    handle: user.handle,
    hue: user.hue,
    initials: initialsOf(user.name),
    title: user.title,
    pronouns: user.pronouns,
    role: user.role,
    imported: user.kind === "imported",
    mine: user.id === store.me()?.id,
    clock: time ? t("profile.clock", { time, zone: said.tz.replaceAll("_", " ") }) : "",
    since: said.since ? dateOf(said.since) : "",
    // Who never changed anything is offered the zone of this browser; afterwards what they chose stays.
    zone: said.rev === 1 && !said.tz ? browserZone() : said.tz,
  };
}

// The workspaces of this tab's person that it does not show: it comes into them too, so that what is unread there is
// known and going there takes no waiting.
import { useEffect, useRef } from "react";
import { store } from "./store.js";
import { LIVE_WORKSPACES } from "./workspaces.js";

const PACE_MS = 150; // between one workspace and the next: they are not what one came for

let socket = ""; // another socket is in no room
let asked = new Set();

/** Gives what to call when the list of workspaces was read: those not asked for yet are, one after another. */
export function useOthers(session, current, enter) {
  const timer = useRef(null);
  const latest = useRef(enter);
  latest.current = enter;
  useEffect(() => {
    if (session !== socket) asked = new Set();
    socket = session;
    asked.add(current); // it is entered by its address
  }, [session, current]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = null;
    },
    [session],
  );
  const next = () => {
    timer.current = null;
    const found = store.workspaces().slice(0, LIVE_WORKSPACES).find(({ id }) => !asked.has(id));
    if (!found) return;
    asked.add(found.id);
    latest.current(found.id);
    timer.current = setTimeout(next, PACE_MS);
  };
  return useRef(() => {
    timer.current ??= setTimeout(next, PACE_MS);
  }).current;
}

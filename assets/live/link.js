// The tie between Reflex's socket and the store: ops come in; what this tab looks at is (re)opened when the socket is
// another one, when the address changes, and when something was missed.
import { useContext, useEffect, useRef } from "react";
import { useNavigate } from "react-router";
import { EventLoopContext, StateStoreContext } from "$/utils/context-registry";
import { closeDialog, showRefusal } from "./dialog.js";
import { connection, delays } from "./connection.js";
import { drafts } from "./drafts.js";
import { landing } from "./landing.js";
import { entranceOf, rememberChannel } from "./last_channel.js";
import { goOnTo, goTo, setNavigate, usePlace } from "./place.js";
import { useOthers } from "./others.js";
import { outbox } from "./outbox.js";
import { preferences } from "./preferences.js";
import { store } from "./store.js";
import { typists } from "./typists.js";
import { version } from "./version.js";

const CATCH_UP_SPREAD_MS = 400; // so that the tabs of a room do not all ask at once
const SIGNED_OUT_STATUS = 401;
const TOO_MANY = "too_many_requests";

/** Take every op out of the state deltas, also those that come in one burst. */
function useOps(liveState) {
  const states = useContext(StateStoreContext);
  useEffect(() => {
    let last = 0;
    return states.subscribe(liveState, () => {
      const op = states.getSnapshot(liveState)?.op_rx_state_;
      if (!op?.s || op.s === last) return;
      last = op.s;
      store.apply(op);
    });
  }, [states, liveState]);
}

/** Ask at most once in a while, however often it is wanted. */
function useSoon(ask) {
  const timers = useRef(new Map());
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => () => timers.current.forEach(clearTimeout), []);
  return useRef((id) => {
    if (timers.current.has(id)) return;
    const wait = CATCH_UP_SPREAD_MS / 2 + Math.random() * CATCH_UP_SPREAD_MS;
    timers.current.set(
      id,
      setTimeout(() => {
        timers.current.delete(id);
        latest.current(id);
      }, wait),
    );
  }).current;
}

/** A workspace without a channel in the address leads to one. */
function settleIn({ workspace, channel }) {
  const side = store.sidebar(workspace);
  if (workspace && !channel && side.channels.size) goOnTo(entranceOf(side));
}

/** Tell the landing where the address leads; when only the socket is another one, ask for what was missed. */
function useVisits(session, place, reopen) {
  const last = useRef({ channel: "" });
  useEffect(() => {
    const { channel, message, visit, path } = place;
    if (!session) return;
    const before = last.current;
    last.current = { channel, message, visit, path, session };
    if (!channel) return;
    const isAgain = visit !== before.visit && path === before.path; // the link to where one is
    if (channel !== before.channel) landing.begin(channel);
    if (channel !== before.channel || message !== before.message || isAgain) landing.look(message);
    else if (session !== before.session) reopen(channel);
  }, [session, place.channel, place.message, place.visit]);
}

function obey(op, place) {
  landing.hear(op);
  if (op.k === "link") delays.set(!op.whole);
  else if (op.k === "typing") typists.hear(op);
  else if (op.k === "new") typists.forget(op.ch, op.m.author);
  else if (op.k === "signed_out") leaveForLogIn();
  else if (op.k === "gone" && op.ws === place.workspace) goTo("/");
  else if (op.k === "refusal") hearRefusal(op);
  else if (op.k === "done") {
    closeDialog();
    if (op.goto) goTo(op.goto);
  } else if (op.k === "preferences") preferences.apply(op.p);
  else if (op.k === "draft") drafts.hear(op);
  else if (op.k === "sidebar") {
    if (isOtherPerson(op.me)) return leaveFor("/");
    preferences.apply(op.p);
    version.hear(op.build);
    outbox.wake(op.me.id);
    drafts.wake(op.me.id);
    op.drafts.forEach((draft) => drafts.hear(draft));
  }
  if (op.k === "me_head" && !place.workspace) goTo("/"); // who waits in no workspace hears this when there is one
  if (op.ws === place.workspace && (op.k === "sidebar" || op.k === "joined")) settleIn(place);
}

/** Said once, and not again while the tab asks for the same by itself. */
function hearRefusal({ code, parameters }) {
  if (store.questions.isAgain()) return;
  showRefusal(code, parameters, code === TOO_MANY ? TOO_MANY : undefined); // may come once a second: one toast for all
}

/** The tab's state on the server belongs to the session that ended. */
export function leaveForLogIn() {
  leaveFor("/login");
}

function leaveFor(path) {
  sessionStorage.removeItem("token");
  window.location.assign(path);
}

let person = ""; // whose page this is

/** While this tab slept somebody else logged in: nothing of the page they find here is theirs. */
function isOtherPerson({ id }) {
  person ||= id;
  return person !== id;
}

async function leaveIfSignedOut() {
  const answer = await fetch("/api/session").catch(() => null);
  if (answer?.status === SIGNED_OUT_STATUS) leaveForLogIn();
}

export function LiveLink({ liveState, session, onEnter, onEnterOther, onOpen }) {
  const place = usePlace();
  const navigate = useNavigate();
  const [, connectErrors] = useContext(EventLoopContext);
  const isDown = connectErrors.length > 0;
  const ask = (channel, since, to) => {
    const feed = store.feed(channel);
    feed.told = 0;
    feed.ask += 1;
    store.questions.ask(channel);
    onOpen(channel, since, { ...to, ask: feed.ask });
  };
  const come = (enterIt) => (workspace) => {
    if (!enterIt) return;
    store.questions.ask(workspace);
    enterIt(workspace, store.sidebar(workspace).rev);
  };
  const enter = come(onEnter);
  const enterOther = come(onEnterOther);
  /** What was missed; a window in the middle comes again should that be too much. */
  const reopen = (channel) => {
    const feed = store.feed(channel);
    const { isWaiting, wanted } = landing.of(channel);
    if (isWaiting || !feed.isOpen) ask(channel, 0, wanted);
    else ask(channel, feed.rev, feed.newer ? { seq: feed.eye || feed.floor } : {});
  };
  const catchUp = useSoon((channel) => channel === place.channel && reopen(channel));
  const reload = useSoon((workspace) => (workspace === place.workspace ? enter : enterOther)(workspace));
  const enterOthers = useOthers(session, place.workspace, enterOther);
  useOps(liveState);
  useEffect(() => setNavigate(navigate), [navigate]);
  useEffect(() => {
    Object.assign(store.handlers, { missedInChannel: catchUp, missedInWorkspace: reload });
    store.handlers.said = (op) => {
      obey(op, place);
      if (op.k === "sidebar") enterOthers();
    };
  }, [catchUp, reload, place.workspace, place.channel]);
  useEffect(() => {
    if (session && place.workspace) enter(place.workspace);
  }, [session, place.workspace]);
  useEffect(() => landing.setSend(ask));
  useVisits(session, place, reopen);
  useEffect(() => {
    if (place.channel) rememberChannel(place.workspace, place.channel);
    settleIn(place);
    if (session) outbox.retry();
    if (session) drafts.flush();
  }, [session, place.workspace, place.channel]);
  useEffect(() => delays.set(false), [session]); // another worker, maybe: it says so if they are cut off
  useEffect(() => {
    connection.set(isDown ? "down" : "up");
    if (isDown) leaveIfSignedOut();
  }, [isDown]);
  return null;
}

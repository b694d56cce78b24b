// What people and channels are called, for the ids in messages. What this tab does not know is asked for, many at once.
import { request } from "./request.js";
import { store } from "./store.js";

const ASK_AFTER_MS = 30;
const ASK_AGAIN_MS = 10000; // after a request that failed
const ASKED_LIMIT = 100; // of a kind, in one request

const ASKING = "asking";
const ABSENT = "absent";
// "workspace/id" → asking; absent: not there, or not for this person; or a private channel that is in no sidebar
const states = new Map();
const queues = new Map(); // workspace → {users, channels}
let timer = 0;

function channelOf(workspace, id) {
  const seated = store.sidebar(workspace).channels.get(id);
  if (seated) return seated.c;
  const { about } = store.feed(id);
  return about?.kind === "public" && about.ws === workspace ? about : null;
}

/** A person or a channel, `{name, isPrivate, isMe}`; `isAbsent` for whom or what one may not see, null until that is known. */
export function nameOf(workspace, kind, id) {
  if (kind === "user") {
    const user = store.user(id);
    if (user) return { name: user.name, isMe: id === store.me()?.id };
  } else {
    const channel = channelOf(workspace, id);
    if (channel) return { name: channel.name, isPrivate: channel.kind === "private" };
  }
  const state = states.get(`${workspace}/${id}`);
  if (state?.kind) return { name: state.name, isPrivate: true };
  return state === ABSENT ? { isAbsent: true, name: "" } : null;
}

/** Ask for what is not known, together with what others ask for in this moment. */
export function wantName(workspace, kind, id) {
  const key = `${workspace}/${id}`;
  if (!workspace || states.has(key)) return;
  states.set(key, ASKING);
  if (!queues.has(workspace)) queues.set(workspace, { user: [], channel: [] });
  queues.get(workspace)[kind].push(id);
  timer ||= setTimeout(askAll, ASK_AFTER_MS);
}

function askAll() {
  timer = 0;
  for (const [workspace, queue] of queues) {
    while (queue.user.length || queue.channel.length) {
      ask(workspace, queue.user.splice(0, ASKED_LIMIT), queue.channel.splice(0, ASKED_LIMIT));
    }
  }
  queues.clear();
}

async function ask(workspace, users, channels) {
  const query = new URLSearchParams({ users: users.join(","), channels: channels.join(",") });
  const answer = await request("GET", `/api/workspaces/${workspace}/names?${query}`);
  const keys = [...users, ...channels].map((id) => `${workspace}/${id}`);
  if (!answer.ok) {
    setTimeout(() => {
      keys.forEach((key) => states.delete(key));
      store.touch();
    }, ASK_AGAIN_MS);
    return;
  }
  store.apply({ k: "names", us: answer.body.us });
  // A public channel is told as when it is renamed, and keeps its name up to date from then on.
  answer.body.cs.forEach((c) => store.apply({ k: "channel", ws: workspace, c }));
  keys.forEach((key) => states.set(key, ABSENT));
  answer.body.cs.filter((c) => c.kind === "private").forEach((c) => states.set(`${workspace}/${c.id}`, c));
  store.touch();
}

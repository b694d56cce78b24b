// What a tab knows of one workspace: its name, oneself in it, and one's channels. Folded from ops like a feed.
//
// `rev` counts what all members see, `meRev` what only this person sees.

export function createSidebar(workspace) {
  return {
    id: workspace,
    isLoaded: false,
    isGone: false,
    rev: 0,
    meRev: 0,
    name: "",
    workspaceRev: 0,
    role: "member",
    me: null,
    channels: new Map(), // id → {c, read, last}
    version: 0,
  };
}

/** Fold one op; true when the tab has to ask for the whole sidebar again. */
export function foldIntoSidebar(sidebar, op) {
  sidebar.version += 1;
  switch (op.k) {
    case "sidebar":
      return load(sidebar, op);
    case "workspace":
      if (op.w.rev > sidebar.workspaceRev) Object.assign(sidebar, { name: op.w.name, workspaceRev: op.w.rev });
      return hear(sidebar, "rev", op.rev);
    case "user":
      return hear(sidebar, "rev", op.rev);
    case "channel": {
      const known = sidebar.channels.get(op.c.id);
      if (known && known.c.rev < op.c.rev) sidebar.channels.set(op.c.id, { ...known, c: op.c });
      return op.rev ? hear(sidebar, "rev", op.rev) : false;
    }
    case "joined":
      if (op.rev > sidebar.meRev) putChannel(sidebar, op.c, op.read, op.last);
      return hear(sidebar, "meRev", op.rev);
    case "left":
      if (op.rev > sidebar.meRev) sidebar.channels.delete(op.ch);
      return hear(sidebar, "meRev", op.rev);
    case "role":
      if (op.rev > sidebar.meRev) sidebar.role = op.role;
      return hear(sidebar, "meRev", op.rev);
    case "gone":
      sidebar.isGone = true;
      return false;
    case "ws_head":
      return sidebar.isLoaded && op.rev > sidebar.rev;
    case "me_head":
      return sidebar.isLoaded && op.rev > sidebar.meRev;
    default:
      return false;
  }
}

/** Cursors and badges are no part of the revs: they only ever grow, or are told again. */
export function foldCursor(sidebar, op) {
  const entry = sidebar.channels.get(op.ch);
  if (!entry) return;
  sidebar.version += 1;
  const read = op.k === "read" ? Math.max(entry.read, op.seq) : entry.read;
  const last = op.k === "tick" ? op.last : entry.last;
  sidebar.channels.set(op.ch, { ...entry, read, last });
}

export function isUnread(entry) {
  return entry.last > entry.read;
}

function load(sidebar, op) {
  if (sidebar.isLoaded && (op.rev < sidebar.rev || op.me_rev < sidebar.meRev)) return false; // read before what we know
  const cursors = sidebar.channels;
  sidebar.channels = new Map();
  for (const { c, read, last } of op.channels) {
    const known = cursors.get(c.id);
    putChannel(sidebar, known && known.c.rev > c.rev ? known.c : c, Math.max(read, known?.read ?? 0), last);
  }
  Object.assign(sidebar, {
    isLoaded: true,
    isGone: false,
    rev: op.rev,
    meRev: op.me_rev,
    name: op.w.name,
    workspaceRev: op.w.rev,
    role: op.role,
    me: op.me,
  });
  return false;
}

function putChannel(sidebar, c, read, last) {
  sidebar.channels.set(c.id, { c, read, last });
}

function hear(sidebar, which, rev) {
  if (rev <= sidebar[which]) return false;
  const isNext = rev === sidebar[which] + 1;
  if (isNext) sidebar[which] = rev;
  return sidebar.isLoaded && !isNext;
}

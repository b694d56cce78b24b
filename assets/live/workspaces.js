// The workspaces one is in, as the rail shows them. Each sidebar that is loaded brings the whole list with the moment
// at which it was read; heads only say whether something is missing.

/** In how many workspaces a tab is at once. Those beyond it are in the rail too, and entered when one goes there. */
export const LIVE_WORKSPACES = 20;

export function createWorkspaces() {
  return { rev: 0, list: [] }; // workspaces as `workspace_view` gives them, in the order in which one came into them
}

/** Take the list that came with a sidebar, unless a newer one is known. */
export function foldWorkspaces(workspaces, op) {
  if (!op.workspaces || op.workspaces_rev < workspaces.rev) return;
  Object.assign(workspaces, { rev: op.workspaces_rev, list: op.workspaces });
}

/** Whether a tab should be in the workspace: it is new, or near enough to the top of the list. */
export function isWanted(workspaces, workspace) {
  const at = workspaces.list.findIndex(({ id }) => id === workspace);
  return at < LIVE_WORKSPACES;
}

/** Ids that only one of both sides knows of: one's list, and what a head says. */
export function differing(workspaces, sidebars, ids) {
  const shown = workspaces.list.map(({ id }) => id).filter((id) => !sidebars.get(id)?.isGone);
  return [...shown.filter((id) => !ids.includes(id)), ...ids.filter((id) => !shown.includes(id))];
}

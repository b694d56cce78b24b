// Where this tab is: the ids in its address.
import { useLocation, useParams, useSearchParams } from "react-router";

/** Workspace, channel, and the message that a link is about; `visit` is another one after each step to a place. */
export function usePlace() {
  const params = useParams();
  const [query] = useSearchParams();
  const { key, pathname, search } = useLocation();
  return {
    workspace: params.workspace_id ?? "",
    channel: params.channel_id ?? "",
    message: query.get("m") ?? "",
    visit: key,
    path: pathname + search,
  };
}

/** The same in this moment, for what a key or a click is about: what is drawn may be of the address before. */
export function placeNow() {
  const [, , workspace = "", , channel = ""] = window.location.pathname.split("/");
  return { workspace, channel };
}

/** Where a message stands. */
export function pathOf(workspace, channel, message = "") {
  return `/w/${workspace}/c/${channel}${message && `?m=${message}`}`;
}

const HOME = "/"; // no page: the server leads from there to where one belongs

let navigate = (path) => window.location.assign(path); // until there is a page to do it

/** Let code outside of React go to another page without loading the app anew. */
export function setNavigate(go) {
  navigate = go;
}

export function goTo(path) {
  if (path === HOME) window.location.assign(path);
  else navigate(path);
}

/** Go on from a page that one does not come back to. */
export function goOnTo(path) {
  navigate(path, { replace: true });
}

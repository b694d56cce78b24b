// Where this tab is: the ids in its address.
import { useParams } from "react-router";

export function usePlace() {
  const params = useParams();
  return { workspace: params.workspace_id ?? "", channel: params.channel_id ?? "" };
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

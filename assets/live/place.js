// Where this tab is: the ids in its address.
import { useParams } from "react-router";

export function usePlace() {
  const params = useParams();
  return { workspace: params.workspace_id ?? "", channel: params.channel_id ?? "" };
}

let navigate = (path) => window.location.assign(path);

/** Let code outside of React go to another page without loading the app anew. */
export function setNavigate(go) {
  navigate = go;
}

export function goTo(path) {
  navigate(path);
}

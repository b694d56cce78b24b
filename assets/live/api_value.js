// What an API route answers, rendered by a function from Python.
import { useEffect, useState } from "react";
import { useParams } from "react-router";
import { dialogValue } from "./dialog.js";
import { request } from "./request.js";

export function ApiValue({ path, renderItem, loading, refused }) {
  const params = useParams();
  const [answer, setAnswer] = useState(null);
  const full = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(name === "dialog" ? dialogValue() : (params[name] ?? "")));
  useEffect(() => {
    let isCurrent = true;
    request("GET", full).then((next) => isCurrent && setAnswer(next));
    return () => {
      isCurrent = false;
    };
  }, [full]);
  if (!answer) return loading;
  return answer.ok ? renderItem(answer.body) : refused;
}

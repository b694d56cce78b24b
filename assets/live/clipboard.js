// Copying, also on plain http, where the clipboard API is missing.
import { toast } from "sonner";
import { t } from "./texts.js";

/** Put a text on the clipboard and say so. */
export async function copyText(text) {
  try {
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else copyBySelection(text);
    toast.success(t("copied"));
  } catch (error) {
    console.warn(error);
    toast.error(t("copy_failed"));
  }
}

function copyBySelection(text) {
  const area = document.createElement("textarea");
  area.value = text;
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

export function linkOf(path) {
  return window.location.origin + path;
}

export function copyLink(path) {
  return copyText(linkOf(path));
}

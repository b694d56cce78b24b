// A part of the sidebar under a heading that folds it. What is unread, or looked at, stays when it is folded.
import { createElement as h, useId, useState } from "react";

const FOLDED = "confab.folded.";

export function SidebarSection({ name, heading, action, children }) {
  const [isFolded, setFolded] = useState(() => localStorage.getItem(FOLDED + name) !== null);
  const id = useId();
  const fold = () => {
    if (isFolded) localStorage.removeItem(FOLDED + name);
    else localStorage.setItem(FOLDED + name, "");
    setFolded(!isFolded);
  };
  return h(
    "section",
    { className: isFolded ? "section section-folded" : "section" },
    h(
      "div",
      { className: "section-head" },
      h("h2", { id }, h("button", { type: "button", className: "section-fold", "aria-expanded": !isFolded, onClick: fold }, heading)),
      action,
    ),
    h("ul", { className: "section-list", "aria-labelledby": id }, children),
  );
}

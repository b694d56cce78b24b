// A message's HTML, which the server rendered and sanitised. Names of people and channels are filled in here, for this
// reader, and change when they do; code gets a button that copies it; links of this installation stay in this tab.
import { createElement as h, memo, useLayoutEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { copyText } from "./clipboard.js";
import { nameOf, wantName } from "./names.js";
import { openPane } from "./pane.js";
import { goTo, usePlace } from "./place.js";
import { store } from "./store.js";
import { t } from "./texts.js";

const MENTION = /data-(user|channel)="([0-9a-f-]{36})"/g;
const LOCK =
  '<svg viewBox="0 0 24 24" width="13" height="13" fill="none" stroke="currentColor" stroke-width="2.2" aria-hidden="true">' +
  '<rect x="4" y="11" width="16" height="10" rx="2"/><path d="M8 11V7a4 4 0 0 1 8 0v4"/></svg>';

function mentionsIn(html) {
  return [...html.matchAll(MENTION)].map(([, kind, id]) => ({ kind, id }));
}

/** What is shown of all mentions, in one value: as long as it is the same, there is nothing to do. */
function shownOf(mentions, workspace) {
  return mentions.map(({ kind, id }) => JSON.stringify(nameOf(workspace, kind, id))).join();
}

const never = () => () => {};

export const MessageHtml = memo(function MessageHtml({ html, className }) {
  const { workspace } = usePlace();
  const root = useRef(null);
  const inner = useMemo(() => ({ __html: html }), [html]); // another object would be written to the page again
  const mentions = useMemo(() => mentionsIn(html), [html]);
  const shown = () => shownOf(mentions, workspace);
  const names = useSyncExternalStore(mentions.length ? store.subscribe : never, shown, shown);
  useLayoutEffect(() => furnish(root.current), [html]);
  useLayoutEffect(() => fillIn(root.current, workspace), [html, workspace, names]);
  return h("div", { ref: root, className, onClick, dangerouslySetInnerHTML: inner });
});

// ---------------------------------------------------------------- mentions

function fillIn(root, workspace) {
  for (const span of root.querySelectorAll("span[data-user], span[data-channel]")) {
    const { user, channel } = span.dataset;
    const kind = user ? "user" : "channel";
    const found = nameOf(workspace, kind, user ?? channel);
    if (!found) wantName(workspace, kind, user ?? channel);
    if (user) showPerson(span, found);
    else showChannel(span, found, workspace);
  }
}

function showPerson(span, found) {
  span.classList.toggle("mention-me", Boolean(found?.isMe));
  if (!found?.name) return showText(span, `@${found ? t("mention.somebody") : "…"}`);
  const button = inside(span, "BUTTON");
  button.type = "button";
  button.textContent = `@${found.name}`;
}

function showChannel(span, found, workspace) {
  if (found?.isAbsent) {
    showText(span, t("mention.private_channel"));
    return span.insertAdjacentHTML("afterbegin", LOCK);
  }
  if (!found) return showText(span, "#…");
  const link = inside(span, "A");
  link.href = `/w/${workspace}/c/${span.dataset.channel}`;
  link.textContent = found.name;
  link.insertAdjacentHTML("afterbegin", found.isPrivate ? LOCK : "#");
}

function showText(span, text) {
  span.classList.add("mention-plain");
  span.textContent = text;
}

/** The element in a mention; one that is there stays, with the focus it may have. */
function inside(span, tag) {
  span.classList.remove("mention-plain");
  const known = span.firstElementChild;
  if (known?.tagName === tag) return known;
  const made = document.createElement(tag);
  span.replaceChildren(made);
  return made;
}

// ---------------------------------------------------------------- code, tables and links

function furnish(root) {
  root.querySelectorAll("pre").forEach(addCopy);
  root.querySelectorAll("table").forEach((table) => {
    const frame = wrapped(table, "table-frame");
    reachable(frame);
    if (frame.tabIndex === 0) Object.assign(frame, { role: "region", ariaLabel: t("message.table") });
  });
  root.querySelectorAll("a[target]").forEach((link) => {
    if (!isOurs(link)) return;
    link.removeAttribute("target");
    link.removeAttribute("rel");
  });
}

function addCopy(pre) {
  const frame = wrapped(pre, "code-frame");
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "code-copy", textContent: t("copy"), ariaLabel: t("message.copy_code") });
  frame.append(button);
  reachable(pre);
}

function wrapped(element, className) {
  const frame = document.createElement("div");
  frame.className = className;
  element.replaceWith(frame);
  frame.append(element);
  return frame;
}

/** What scrolls sideways can be reached by the keyboard, to be scrolled. */
function reachable(element) {
  if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
}

/** A page of this installation. A path that begins with two slashes would be another host to who goes by paths. */
function isOurs(link) {
  return link.origin === window.location.origin && !/^\/(api\/|\/)/.test(link.pathname);
}

function onClick(event) {
  const copy = event.target.closest(".code-copy");
  if (copy) return copyCode(copy);
  const person = event.target.closest("span[data-user]")?.dataset.user;
  if (person && event.target.closest("button")) return openPane("profile", person);
  const link = event.target.closest("a[href]");
  if (!link || !isOurs(link) || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  goTo(link.pathname + link.search + link.hash);
}

function copyCode(button) {
  return copyText(button.previousElementSibling.textContent.replace(/\n$/, ""));
}

// Markup as Markdown, as messages know it: headings are bold lines, pictures are links. Loaded with the first paste that
// needs it.
import TurndownService from "turndown";
import { strikethrough, tables, taskListItems } from "turndown-plugin-gfm";

const NOT_TEXT = "script, style, meta, link, title, noscript, template";

function makeService() {
  const service = new TurndownService({ headingStyle: "atx", bulletListMarker: "-", codeBlockStyle: "fenced", emDelimiter: "_", hr: "---" });
  service.use([strikethrough, tables, taskListItems]);
  service.addRule("heading", {
    filter: ["h1", "h2", "h3", "h4", "h5", "h6"],
    replacement: (content) => (content.trim() ? `\n\n**${content.trim().replaceAll("**", "")}**\n\n` : ""),
  });
  service.addRule("item", { filter: "li", replacement: item });
  service.addRule("struck", { filter: ["del", "s", "strike"], replacement: (content) => (content.trim() ? `~~${content}~~` : content) });
  service.addRule("picture", {
    filter: "img",
    replacement: (_, node) => (/^https?:/.test(node.src) ? `[${node.alt || node.src}](${node.src})` : node.alt),
  });
  service.addRule("link", {
    filter: (node) => node.nodeName === "A" && !/^(https?|mailto):/i.test(node.getAttribute("href") ?? ""),
    replacement: (content) => content,
  });
  service.addRule("plainBold", {
    filter: (node) => ["B", "STRONG"].includes(node.nodeName) && /^(normal|400)$/.test(node.style.fontWeight),
    replacement: (content) => content,
  });
  return service;
}

/** One space after the sign, and what belongs to an item as far in as its text. */
function item(content, node) {
  const list = node.parentNode;
  const index = [...list.children].filter((child) => child.nodeName === "LI").indexOf(node);
  const mark = list.nodeName === "OL" ? `${Number(list.getAttribute("start") ?? 1) + index}. ` : "- ";
  const text = content.replace(/^\n+/, "").replace(/\n+$/, "").replace(/\n{2,}(?=\s*(?:[-*]|\d+\.)\s)/g, "\n");
  return mark + text.replaceAll("\n", `\n${" ".repeat(mark.length)}`) + (node.nextElementSibling ? "\n" : "");
}

/** Bring into order what pages nest wrongly: a list that stands beside the item it belongs to. */
function tidy(body) {
  body.querySelectorAll(NOT_TEXT).forEach((node) => node.remove());
  body.querySelectorAll("ul > ul, ul > ol, ol > ul, ol > ol").forEach((list) => list.previousElementSibling?.append(list));
  body.querySelectorAll("li > p:only-child").forEach((paragraph) => paragraph.replaceWith(...paragraph.childNodes));
}

let service = null;

export function toMarkdown(body) {
  service ??= makeService();
  tidy(body);
  return service.turndown(body).trim();
}

// Where on the screen a place in a textarea is: its text is laid out once more, out of sight, up to there.
const COPIED = [
  "boxSizing", "width", "paddingTop", "paddingRight", "paddingBottom", "paddingLeft", "borderTopWidth", "borderRightWidth",
  "borderBottomWidth", "borderLeftWidth", "fontFamily", "fontSize", "fontStyle", "fontWeight", "letterSpacing", "lineHeight", "tabSize",
  "textIndent", "textTransform", "wordSpacing", "direction",
];

/** `{left, top, bottom}` in the window of the line that a place is in. */
export function caretPlace(area, at) {
  const style = getComputedStyle(area);
  const mirror = document.createElement("div");
  COPIED.forEach((name) => (mirror.style[name] = style[name]));
  Object.assign(mirror.style, { position: "absolute", top: "0", left: "-9999px", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word" });
  const mark = document.createElement("span");
  mark.textContent = "\u200b";
  mirror.append(area.value.slice(0, at), mark, area.value.slice(at) || ".");
  document.body.append(mirror);
  const box = area.getBoundingClientRect();
  const top = box.top + mark.offsetTop - area.scrollTop;
  const place = { left: box.left + mark.offsetLeft, top, bottom: top + mark.offsetHeight };
  mirror.remove();
  return place;
}

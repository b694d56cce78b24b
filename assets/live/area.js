// The textarea in which one writes Markdown, in the composer and in a message's row. It stays a plain one: input methods,
// spelling and undo are the browser's.
import { createElement as h, Fragment, useLayoutEffect, useRef } from "react";
import { applyEdit, editOf } from "./area_edit.js";
import { useCompletion } from "./completion.js";
import { format } from "./formatting.js";
import { breakLine } from "./line_break.js";
import { onPaste } from "./paste.js";
import { usePlace } from "./place.js";
import { formatOf } from "./format_keys.js";
import { codeBlockAt } from "./text_lines.js";

const GROWS_TO_PX = 320;

export function Area({ label, text, setText, onSubmit, onEscape, onUp, onBlur, areaRef, placeholder, autoFocus }) {
  const own = useRef(null);
  const ref = areaRef ?? own;
  const { workspace } = usePlace();
  const completion = useCompletion(ref, workspace);
  useGrowing(ref, text);
  useLayoutEffect(() => {
    if (!autoFocus) return;
    ref.current.focus();
    ref.current.setSelectionRange(text.length, text.length);
  }, []);
  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return; // an input method still chooses its characters
    if (completion.onKeyDown(event)) return;
    const edit = editOf(ref.current);
    const name = formatOf(event, edit.start !== edit.end);
    if (name) act(event, () => applyEdit(ref.current, format(name, edit)));
    else if (event.key === "Enter") act(event, () => enter(event, ref.current, edit, onSubmit));
    else if (event.key === "Escape" && onEscape) act(event, onEscape);
    else if (event.key === "ArrowUp" && !event.altKey && !text && onUp?.()) event.preventDefault();
  };
  return h(
    Fragment,
    null,
    h("textarea", {
      ref,
      rows: 1,
      value: text,
      placeholder,
      "aria-label": label,
      className: "composer-area",
      onChange: (event) => {
        setText(event.target.value);
        if (!event.nativeEvent.isComposing) completion.look();
      },
      onCompositionEnd: completion.look,
      onSelect: completion.follow,
      onBlur: () => {
        completion.close();
        onBlur?.();
      },
      onPaste,
      onKeyDown,
      ...completion.aria,
    }),
    completion.list,
  );
}

function act(event, run) {
  event.preventDefault();
  event.stopPropagation(); // no shortcut of the page
  run();
}

/** Enter sends, and breaks the line within code; Shift-Enter breaks it, Ctrl- or Cmd-Enter sends, everywhere. */
function enter(event, area, edit, onSubmit) {
  const isBreak = event.shiftKey || codeBlockAt(edit.text, edit.start) !== null;
  if (isBreak && !event.ctrlKey && !event.metaKey) applyEdit(area, breakLine(edit));
  else onSubmit();
}

function useGrowing(ref, text) {
  useLayoutEffect(() => {
    const area = ref.current;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, GROWS_TO_PX)}px`;
    area.style.overflowY = area.scrollHeight > GROWS_TO_PX ? "auto" : "hidden";
  }, [text]);
}

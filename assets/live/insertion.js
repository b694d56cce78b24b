// Text that comes into the composer from elsewhere on the page, such as a quote.
import { useEffect } from "react";

const listeners = new Set();

/** Put text at the end of what is written in the open composer, as paragraphs of its own. */
export function insertText(text) {
  listeners.forEach((listener) => listener(text));
}

/** Let a composer take what comes. */
export function useInsertion(take) {
  useEffect(() => {
    listeners.add(take);
    return () => listeners.delete(take);
  }, [take]);
}

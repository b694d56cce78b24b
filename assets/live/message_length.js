// How long a message may be, counted as the server counts.
export const MESSAGE_MAX_CHARACTERS = 16383;

export const lengthOf = (text) => [...text].length; // code points

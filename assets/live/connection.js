// Whether the socket is "up" or "down", for the banner and for the outbox.
import { createObserved } from "./observed.js";

export const connection = createObserved("up");

/** Whether the workers of the server have lost one another: what happens on another one is seen with the next heads. */
export const delays = createObserved(false);

// Whether the socket is "up" or "down", for the banner and for the outbox.
import { createObserved } from "./observed.js";

export const connection = createObserved("up");

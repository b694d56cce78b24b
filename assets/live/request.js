// One request to the API: it always comes back with an answer, also when the network did not.
const TIMEOUT_MS = 15000;
export const TOO_MANY_STATUS = 429;
// What only reads is asked again by itself, unless it takes longer than somebody waits for a list.
const READ_AGAIN_TIMES = 3;
const READ_AGAIN_MAX_SECONDS = 10;

/** `keepalive` lets it go on when the page is closed; `by` is the person in whose name alone it may be done. */
export async function request(method, path, body, options = {}) {
  for (let times = 0; ; times += 1) {
    const answer = await ask(method, path, body, options);
    const isWorthIt = method === "GET" && times < READ_AGAIN_TIMES && answer.wait <= READ_AGAIN_MAX_SECONDS;
    if (answer.status !== TOO_MANY_STATUS || !isWorthIt) return answer;
    await new Promise((resolve) => setTimeout(resolve, answer.wait * 1000));
  }
}

/** `wait`: so many seconds later it may be tried again. */
async function ask(method, path, body, { keepalive = false, by = "" }) {
  try {
    const answer = await fetch(path, {
      method,
      headers: { ...(body !== undefined && { "content-type": "application/json" }), ...(by && { "confab-person": by }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      keepalive,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await answer.text();
    const json = text && answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : {};
    const wait = Number(answer.headers.get("retry-after")) || 1;
    return { ok: answer.ok, status: answer.status, body: json, error: json.error ?? { code: "unavailable" }, wait };
  } catch (error) {
    if (error.name !== "TypeError" && error.name !== "TimeoutError" && error.name !== "AbortError") throw error;
    return { ok: false, status: 0, body: {}, error: { code: "unreachable" }, wait: 1 };
  }
}

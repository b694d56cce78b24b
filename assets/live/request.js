// One request to the API: it always comes back with an answer, also when the network did not.
const TIMEOUT_MS = 15000;

/** `keepalive` lets it go on when the page is closed; `by` is the person in whose name alone it may be done. */
export async function request(method, path, body, { keepalive = false, by = "" } = {}) {
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
    return { ok: answer.ok, status: answer.status, body: json, error: json.error ?? { code: "unavailable" } };
  } catch (error) {
    if (error.name !== "TypeError" && error.name !== "TimeoutError" && error.name !== "AbortError") throw error;
    return { ok: false, status: 0, body: {}, error: { code: "unreachable" } };
  }
}

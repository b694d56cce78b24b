"""Times inside the page, from the moment the browser took a key or a click until what it is about is on the screen."""

from playwright.async_api import Page

# Both run in the page: what Playwright itself needs between two steps is no part of it.
BEGIN = """(event) => {
    window.__begun = new Promise((resolve) => {
        document.addEventListener(event, (happened) => resolve(happened.timeStamp), { capture: true, once: true });
    });
}"""
ELAPSED = """async ([text, timeout]) => {
    const begun = await window.__begun;
    const shown = () => [...document.querySelectorAll('[role=log] [role=article], [role=log] article')]
        .some((row) => row.textContent.includes(text));
    const deadline = performance.now() + timeout;
    while (!shown()) {
        if (performance.now() > deadline) throw new Error(`waited in vain for ${text}`);
        await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    await new Promise((resolve) => requestAnimationFrame(resolve)); // painted
    return performance.now() - begun;
}"""
GIVE_UP_MS = 20_000


async def begin(page: Page, event: str) -> None:
    """Take the time of the next event of this kind."""
    await page.evaluate(BEGIN, event)


async def elapsed_ms(page: Page, text: str) -> float:
    """Milliseconds from that event until a message with the text is painted."""
    taken: float = await page.evaluate(ELAPSED, [text, GIVE_UP_MS])
    return taken

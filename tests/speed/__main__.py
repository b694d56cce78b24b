"""How fast the page feels: `python -m tests.speed [--messages N] [--json]`.

Starts a Confab of its own with a company in it, opens it in Chromium and measures: the first visit with an empty cache,
changing the channel, and one's own message. Medians and the 95th percentile of several tries.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser.server import PROJECT, Server
from tests.chromium import find_chromium
from tests.speed.scripts import KIB, Scripts
from tests.speed.stopwatch import begin, elapsed_ms

MESSAGES = 20_000
VISITS = 7
CHANGES = 30
SENDS = 20
CHANNELS = ("firmware", "support", "web", "random", "hardware", "sales", "design", "lunch")
MESSAGE_SHOWN = """async () => {
    const shown = () => document.querySelector('[role=log] article');
    while (!shown()) await new Promise((resolve) => requestAnimationFrame(resolve));
    await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now();
}"""
NEWEST = "[...document.querySelectorAll('[role=log] article')].at(-1)?.textContent.slice(0, 40)"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES, help="in the workspace (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="one object instead of a table")
    arguments = parser.parse_args()
    report = asyncio.run(_measure(arguments.messages))
    sys.stdout.write(json.dumps(report) + "\n" if arguments.json else _table(report))


async def _measure(messages: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        server = Server(Path(folder))
        await server.start()
        try:
            email, password = await asyncio.to_thread(_move_in, server, messages)
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
                return await _in_browser(browser, server.url, email, password)
        finally:
            await server.stop()


def _move_in(server: Server, messages: int) -> tuple[str, str]:
    """The company; gives the address and the password of its owner."""
    done = subprocess.run(
        [sys.executable, "-m", "rxapp", "demo", "--messages", str(messages)],
        cwd=PROJECT, env=server.environment(), check=True, capture_output=True, text=True,
    )  # fmt: skip
    words = next(line for line in done.stdout.splitlines() if line.startswith("Sign in as")).split()
    return words[3], words[7].rstrip(":")


async def _in_browser(browser: Browser, url: str, email: str, password: str) -> dict[str, Any]:
    async with await browser.new_context(base_url=url) as context:
        answer = await context.request.post(
            "/api/session", data={"email": email, "password": password}, headers={"origin": url}
        )
        assert answer.ok, await answer.text()
        page = await context.new_page()
        await page.goto("/")
        await page.evaluate(MESSAGE_SHOWN)
        address, storage = page.url, await context.storage_state()
        changes = await _changes(page)
        sends = [await _send(page, f"speed {number}") for number in range(SENDS)]
    visits, scripts = await _visits(browser, storage, address)
    return {
        "first_message_ms": _spread(visits),
        "channel_first_time_ms": _spread(changes[: len(CHANNELS)]),
        "channel_again_ms": _spread(changes[len(CHANNELS) :]),
        "own_message_ms": _spread(sends),
        "first_route_javascript_kib": round(scripts.total_kib, 1),
        "scripts": {
            script.name: round(script.wire_bytes / KIB, 1)
            for script in sorted(scripts.loaded, key=lambda script: -script.wire_bytes)
        },
    }


async def _visits(browser: Browser, storage: Any, address: str) -> tuple[list[float], Scripts]:
    taken: list[float] = []
    for _ in range(VISITS):
        context: BrowserContext = await browser.new_context(storage_state=storage)
        async with context:
            page = await context.new_page()
            scripts = await Scripts.watch(page)
            await page.goto(address, wait_until="commit")
            taken.append(await page.evaluate(MESSAGE_SHOWN))
            await page.wait_for_load_state("networkidle")
    return taken, scripts


async def _changes(page: Page) -> list[float]:
    taken = []
    for number in range(CHANGES):
        link = page.get_by_role("navigation").get_by_role("link", name=CHANNELS[number % len(CHANNELS)]).first
        before = await page.evaluate(NEWEST)
        await begin(page, "click")
        await link.click()
        taken.append(await page.evaluate(_CHANGED, before))
    return taken


_CHANGED = """async (before) => {
    const begun = await window.__begun;
    const newest = () => [...document.querySelectorAll('[role=log] article')].at(-1)?.textContent.slice(0, 40);
    while (!newest() || newest() === before) await new Promise((resolve) => requestAnimationFrame(resolve));
    await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now() - begun;
}"""


async def _send(page: Page, text: str) -> float:
    field = page.get_by_role("textbox", name="Message #")
    await field.fill(text)
    await begin(page, "keydown")
    await field.press("Enter")
    return await elapsed_ms(page, text)


def _spread(taken: list[float]) -> dict[str, float]:
    return {"p50": round(median(taken), 1), "p95": round(quantiles(taken, n=20)[-1], 1), "n": len(taken)}


def _table(report: dict[str, Any]) -> str:
    lines = [
        f"{name:28} p50 {value['p50']:8.1f}   p95 {value['p95']:8.1f}   n {value['n']}"
        for name, value in report.items()
        if name.endswith("_ms")
    ]
    lines.append(f"{'first_route_javascript_kib':28} {report['first_route_javascript_kib']:12.1f}")
    lines += [f"    {name:44} {kib:8.1f}" for name, kib in report["scripts"].items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

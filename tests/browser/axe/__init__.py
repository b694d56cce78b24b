"""axe-core looks for barriers in a page: what screen readers, keyboards and weak eyes stumble over."""

import fcntl
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from playwright.async_api import Page

FOLDER = Path(__file__).parent
SCRIPT = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
# What fails the test; "moderate" and "minor" are opinions about headings and landmarks of dialogs.
IMPACTS = ("serious", "critical")
FIND = """async (impacts) => {
    const found = await axe.run(document, { resultTypes: ['violations'] });
    return found.violations
        .filter(({ impact }) => impacts.includes(impact))
        .flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id} (${help}): ${html.slice(0, 200)}`));
}"""


@cache
def axe_source() -> str:
    """The script; installed by npm, in the version of the lock file, where it is not there yet."""
    with (FOLDER / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not SCRIPT.exists():
            programs = Path(sys.executable).parent
            path = f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
            subprocess.run(
                [programs / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                cwd=FOLDER, env={**os.environ, "PATH": path}, check=True, capture_output=True,
            )  # fmt: skip
    return SCRIPT.read_text(encoding="utf-8")


async def barriers(page: Page) -> list[str]:
    """The serious ones on a page as it is now."""
    if not await page.evaluate("Boolean(window.axe)"):
        await page.evaluate(axe_source())
    found: list[str] = await page.evaluate(FIND, IMPACTS)
    return found

"""The browser that the tests drive.

    python -m tests.chromium

prints the path of one, installing it first where that is possible.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPLICATIONS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
HOW_TO = (
    "confab: no Chromium was found and none could be installed: install one (Debian: apt-get install chromium, "
    "elsewhere: .venv/bin/python -m playwright install chromium), or set CHROMIUM to its path."
)


def find_chromium() -> Path | None:
    """The browser of CHROMIUM, Playwright's own or the system's."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return Path(chosen) if Path(chosen).exists() else None
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if own.exists():
        return own
    found = (shutil.which(name) for name in SYSTEM_NAMES)
    return next(
        (Path(path) for path in found if path), next((path for path in MAC_APPLICATIONS if path.exists()), None)
    )


def install_chromium() -> None:
    """Try Playwright's download, then Debian's package; what they say goes to standard error."""
    ways = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        ways += [["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"]]
    for command in ways:
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
        if find_chromium():
            return


def main() -> int:
    """Print the path; 1 when there is none."""
    chosen = os.environ.get("CHROMIUM")
    if chosen and not Path(chosen).exists():
        print(
            f"confab: CHROMIUM names {chosen}, which is not there: correct it, or unset it to look for one.",
            file=sys.stderr,
        )
        return 1
    if not find_chromium():
        install_chromium()
    found = find_chromium()
    print(found or HOW_TO, file=sys.stdout if found else sys.stderr)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())

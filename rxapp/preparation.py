"""What has to be there before workers of another version start: `python -m rxapp.preparation` prints the page's folder.

A process of its own, so that it is the code on the disk that migrates and builds, and not that of a server which runs.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path

from rxapp.build import PROJECT, ensure_built
from rxapp.operator_error import OperatorError
from rxapp.running_database import migrated_database
from rxapp.settings import load_settings
from rxapp.signals import unwound_by_signals

COMMAND = (sys.executable, "-m", "rxapp.preparation")
# To take back the migration that it is at, and to end the build.
END_SECONDS = 5.0


async def prepare_anew() -> Path:
    """The page of the code that is on the disk now, with the database at its schema: by that code, and not by ours.

    Raises OperatorError. Cancelled, it ends what it started.
    """
    process = await asyncio.create_subprocess_exec(
        *COMMAND, cwd=PROJECT, stdin=DEVNULL, stdout=PIPE, start_new_session=True
    )
    try:
        said, _ = await process.communicate()
    except asyncio.CancelledError:
        await _end(process)
        raise
    if process.returncode != 0 or not said.strip():
        raise OperatorError("what has to be done before new workers start failed; the reason is in the lines above.")
    return Path(said.decode().strip().splitlines()[-1])


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(END_SECONDS):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Migrate and build; 1 when that is not possible."""
    try:
        with unwound_by_signals(), migrated_database(load_settings(), _say):
            print(ensure_built(_say))
    except OperatorError as error:
        _say(f"confab: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

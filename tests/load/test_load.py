"""The load tool itself: a small run loses nothing, and gives every figure."""

import asyncio
import json
import sys

FIGURES = {
    "send", "delivery", "open", "older", "enter", "cursor", "lost", "duplicated", "delivered", "errors", "cpu_s",
    "cores", "generator_cpu", "other_cores", "cpu_s_per_1000", "memory_kib_per_tab",
}  # fmt: skip


async def test_a_small_run_loses_nothing_and_gives_every_figure() -> None:
    command = ["-m", "tests.load", "mixed", "--tabs", "10", "--seconds", "3", "--channels", "3", "--history", "200"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, "--json", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, said = await process.communicate()
    assert process.returncode == 0, said.decode()
    report = json.loads(out)
    assert set(report) >= FIGURES
    assert (report["lost"], report["duplicated"], report["errors"]) == (0, 0, 0)
    assert report["delivered"] > 0

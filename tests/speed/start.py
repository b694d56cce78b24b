"""How fast it starts and how little it needs: `python -m tests.speed.start [--runs N] [--json]`.

Starts the built Confab several times, each time in an empty folder (cold: the database is made and migrated) and then
once more in the same one (warm). Times are from the start of the process until the server is ready and until the first
page has come. Memory is what all its processes need together when nobody is there: PSS, in which memory that several
share counts once (proc(5), `smaps_rollup`). Where the whole machine used all its cores, times say little.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from tests.browser.server import PROJECT, Server
from tests.load.machine import busy_seconds, family, memory_mib, processes, read_cpu

RUNS = 3
GIVE_UP_SECONDS = 120.0
POLL_SECONDS = 0.01
# Until what ran at the start has ended, and the allocator gave back what it had for that.
IDLE_SECONDS = 5.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="of each kind (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="one object instead of a table")
    arguments = parser.parse_args()
    subprocess.run([sys.executable, "-m", "rxapp", "build"], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    runs = [run for _ in range(arguments.runs) for run in _in_a_new_folder()]
    report = _report(runs)
    sys.stdout.write(json.dumps(report) + "\n" if arguments.json else _table(report))


def _in_a_new_folder() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        return [_start(Path(folder), kind) for kind in ("cold", "warm")]


def _start(folder: Path, kind: str) -> dict[str, Any]:
    server = Server(folder)
    began, busy = time.monotonic(), busy_seconds()
    with server.log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "rxapp"], cwd=folder, env=server.environment(), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        ready = _got(server, process, "/health/ready") - began
        page = _got(server, process, "/") - began
        used = read_cpu(process.pid, _postmaster(server))
        of_server, of_all = used.server, busy_seconds() - busy
        time.sleep(IDLE_SECONDS)
        memory = _memory(server, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
    return {
        "kind": kind,
        "ready_s": ready,
        "first_page_s": page,
        "server_cpu_s": of_server,
        "machine_cores": of_all / page,
        "memory_mib": memory,
    }


def _got(server: Server, process: "subprocess.Popen[bytes]", path: str) -> float:
    """When the answer had come. Whoever asks before it serves waits."""
    deadline = time.monotonic() + GIVE_UP_SECONDS
    with httpx.Client(base_url=server.url, trust_env=False, follow_redirects=True, timeout=GIVE_UP_SECONDS) as client:
        while True:
            try:
                answer = client.get(path)
            except httpx.ConnectError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(POLL_SECONDS)
                continue
            answer.raise_for_status()
            return time.monotonic()


def _postmaster(server: Server) -> int:
    return int((server.data / "postgres/data/postmaster.pid").read_text().splitlines()[0])


def _memory(server: Server, pid: int) -> dict[str, float]:
    """MiB of each kind of process."""
    watchdog = int((server.data / "postgres/watchdog.lock").read_text())
    postmaster = _postmaster(server)
    known = processes()
    kinds = {
        "server": {pid},
        "renderers and other children": family(pid, known) - {pid},
        "watchdog of the database": {watchdog},
        "database": family(postmaster, known),
    }
    return {kind: sum(map(memory_mib, pids)) for kind, pids in kinds.items()}


def _report(runs: list[dict[str, Any]]) -> dict[str, Any]:
    report: dict[str, Any] = {"runs": len(runs) // 2, "cores": os.cpu_count()}
    for kind in ("cold", "warm"):
        of_kind = [run for run in runs if run["kind"] == kind]
        for name in ("ready_s", "first_page_s", "server_cpu_s", "machine_cores"):
            report[f"{kind}_{name}"] = round(median(run[name] for run in of_kind), 2)
        memory = {part: median(run["memory_mib"][part] for run in of_kind) for part in of_kind[0]["memory_mib"]}
        report[f"{kind}_memory_mib"] = {part: round(size, 1) for part, size in memory.items()}
        report[f"{kind}_memory_all_mib"] = round(sum(memory.values()), 1)
    return report


def _table(report: dict[str, Any]) -> str:
    lines = [f"medians of {report['runs']}"]
    for kind in ("cold", "warm"):
        lines += [
            f"{kind} start: ready after {report[f'{kind}_ready_s']:.2f} s, "
            f"first page after {report[f'{kind}_first_page_s']:.2f} s",
            f"    server's processor time until then {report[f'{kind}_server_cpu_s']:.2f} s; the whole machine used "
            f"{report[f'{kind}_machine_cores']:.2f} of {report['cores']} cores",
            f"    idle memory {report[f'{kind}_memory_all_mib']:7.1f} MiB",
            *(f"        {part:30} {size:7.1f}" for part, size in report[f"{kind}_memory_mib"].items()),
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

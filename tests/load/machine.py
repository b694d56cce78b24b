"""Processor time and memory of processes, from Linux's /proc."""

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
RENDERER = "rxapp.markup.child"
WATCHDOG = "db.embedded.watchdog"
DELIVERIES = 1000
_LISTENING = "0A"


@dataclass(frozen=True, slots=True)
class Process:
    """One process; `cpu` is its own time and that of its children that ended."""

    parent: int
    cpu: float


def processes() -> dict[int, Process]:
    """All that run now."""
    found = {}
    for folder in PROC.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        found[int(folder.name)] = Process(int(fields[1]), sum(map(int, fields[11:15])) / TICKS_PER_SECOND)
    return found


def family(root: int, known: dict[int, Process]) -> set[int]:
    """A process and its descendants."""
    children = defaultdict(list)
    for pid, process in known.items():
        children[process.parent].append(pid)
    found, todo = set(), [root]
    while todo:
        pid = todo.pop()
        found.add(pid)
        todo += children[pid]
    return found & known.keys()


def parent_of(pid: int) -> int:
    """The process that started it."""
    return processes()[pid].parent


def command_of(pid: int) -> str:
    """Its command line; empty when it ended."""
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def listener_on(port: int) -> int:
    """The process that listens on a port of this machine."""
    inodes = set()
    for table in ("net/tcp", "net/tcp6"):
        for line in (PROC / table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    known = processes()
    listening = {pid for pid in known if inodes & _open_files(PROC / str(pid))}
    # Workers listen too, with the socket of their parent.
    for pid in sorted(listening):
        if known[pid].parent not in listening:
            return pid
    raise RuntimeError(f"expected a process of this machine that listens on port {port}: there is none to be seen")


def _open_files(folder: Path) -> set[str]:
    try:
        return {str(link.readlink()) for link in (folder / "fd").iterdir()}
    except OSError:
        return set()  # it ended meanwhile, or is somebody else's


def memory_mib(pid: int) -> float:
    """What a process occupies, its share of shared pages included, in MiB; nothing when it ended."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def busy_seconds() -> float:
    """Processor time of the whole machine since it started."""
    fields = list(map(int, (PROC / "stat").read_text().splitlines()[0].split()[1:9]))
    return (sum(fields) - fields[3] - fields[4]) / TICKS_PER_SECOND


@dataclass(frozen=True, slots=True)
class Cpu:
    """Processor seconds by part; the generator is this tool, and what it measures is all of `MEASURED`."""

    server: float
    renderers: float
    database: float
    redis: float
    generator: float
    machine: float

    def since(self, earlier: "Cpu") -> dict[str, float]:
        """What was used between two readings; `others` is what belongs to none of the parts."""
        parts = {name: getattr(self, name) - getattr(earlier, name) for name in (*MEASURED, "generator")}
        others = self.machine - earlier.machine - sum(parts.values())
        return {name: round(value, 2) for name, value in {**parts, "others": max(others, 0.0)}.items()}


MEASURED = ("server", "renderers", "database", "redis")


def read_cpu(server: int, postmaster: int | None, redis: int | None = None) -> Cpu:
    """The processor time of all parts, now; a database on another machine counts nothing."""
    known = processes()
    database = family(postmaster, known) if postmaster is not None else set()
    if postmaster is not None and WATCHDOG in command_of(known[postmaster].parent):
        database.add(known[postmaster].parent)
    ours = family(server, known) - database
    stores = family(redis, known) if redis is not None else set()
    renderers = {pid for pid in ours if RENDERER in command_of(pid)}
    generator = family(os.getpid(), known) - ours - database - stores
    return Cpu(
        server=sum(known[pid].cpu for pid in ours - renderers),
        renderers=sum(known[pid].cpu for pid in renderers),
        database=sum(known[pid].cpu for pid in database),
        redis=sum(known[pid].cpu for pid in stores),
        generator=sum(known[pid].cpu for pid in generator),
        machine=busy_seconds(),
    )


def per_thousand(used: dict[str, float], deliveries: int) -> float | None:
    """Processor seconds of all that is measured for 1,000 deliveries."""
    return round(sum(used[part] for part in MEASURED) * DELIVERIES / deliveries, 4) if deliveries else None


def family_memory_mib(root: int, without: int | None) -> float:
    """What a process and its descendants occupy, except those of another one, in MiB."""
    known = processes()
    others = family(without, known) if without is not None else set()
    return round(sum(memory_mib(pid) for pid in family(root, known) - others), 1)

"""What a run found, in words and as a table."""

from collections import Counter, defaultdict
from statistics import median

from tests.faults.history import Outcome, What
from tests.faults.run import Result

WRONG_LINES = 40


def report(result: Result, command: str) -> str:
    """All of it; what went wrong comes last, with what is needed to see it again."""
    lines = [*_work(result), "", *fault_table(result)]
    if result.wrong:
        lines += ["", f"WRONG, seed {result.plan.seed}:", *result.wrong[:WRONG_LINES]]
        lines += [f"… and {len(result.wrong) - WRONG_LINES} more"] if len(result.wrong) > WRONG_LINES else []
        lines += ["", "The faults were:", *map(str, result.faults), "", f"Again: {command}", f"Kept in {result.folder}"]
    return "\n".join(lines)


def fault_table(result: Result) -> list[str]:
    """How often each fault was tried, and how long the system was away after its heal."""
    tried = Counter(fault.kind for fault in result.faults)
    took = defaultdict(list)
    for recovery in result.recoveries:
        took[recovery.fault.kind].append(recovery.seconds)
    lines = ["| fault | times | back after s, median | at most |", "|---|---|---|---|"]
    for kind, count in sorted(tried.items()):
        seconds = took[kind]
        back = f"{median(seconds):.1f} | {max(seconds):.1f}" if seconds else "– | –"
        lines.append(f"| {kind} | {count} | {back} |")
    return lines


def _work(result: Result) -> list[str]:
    history, plan = result.history, result.plan
    outcomes = Counter((act.what, act.outcome) for act in history.acts)
    sends = history.of(What.SEND)
    figures = {
        "seed, seconds, workers": f"{plan.seed}, {plan.seconds:.0f}, {plan.workers}",
        "messages acknowledged": outcomes[What.SEND, Outcome.OK],
        "messages refused": outcomes[What.SEND, Outcome.REFUSED],
        "messages tried more than once": sum(act.tries > 1 for act in sends),
        "sent again after their answer, or twice at once": len(history.again),
        "edits and deletions acknowledged": outcomes[What.EDIT, Outcome.OK] + outcomes[What.DELETE, Outcome.OK],
        "edits and deletions without an answer": outcomes[What.EDIT, Outcome.UNKNOWN]
        + outcomes[What.DELETE, Outcome.UNKNOWN],
        "taken out of a channel, and in again": outcomes[What.TAKE_OUT, Outcome.OK],
        "sockets that came up": result.connects,
        "ops that reached a tab": len(history.heard),
        "messages stored": result.stored,
        "quiet, after the last heal": f"{result.quiet_seconds:.1f} s",
        "violations": len(result.wrong),
    }
    return ["| what | count |", "|---|---|", *(f"| {name} | {value} |" for name, value in figures.items())]

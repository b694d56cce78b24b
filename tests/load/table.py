"""A report as people read it."""

from typing import Any

from tests.load.run import Report

COLUMNS = ("count", "p50_ms", "p95_ms", "p99_ms", "max_ms")


def table(report: Report) -> str:
    """The times as a table, and below it everything else, one a line."""
    times = {name: value for name, value in report.items() if isinstance(value, dict) and "p50_ms" in value}
    lines = [f"{'':10}" + "".join(f"{column:>10}" for column in COLUMNS)]
    lines += [
        f"{name:10}" + "".join(f"{_shown(value[column]):>10}" for column in COLUMNS) for name, value in times.items()
    ]
    lines.append("")
    for name, value in report.items():
        if isinstance(value, list):
            lines += ["", name, *(f"  {each}" for each in value)]
        elif name not in times:
            lines.append(f"{name}: {value}")
    return "\n".join(lines)


def _shown(value: Any) -> str:
    return "-" if value is None else str(value)

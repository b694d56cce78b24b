"""What ends a process lets it tidy up first."""

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import signal, sys
from rxapp.signals import unwound_by_signals
if sys.argv[1] == "nohup":
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
try:
    with unwound_by_signals(code=int(sys.argv[2]) if sys.argv[2:] else None):
        print("works", flush=True)
        print(sys.stdin.readline().strip(), flush=True)
finally:
    print("tidied up", flush=True)
"""


def ended(number: signal.Signals, *arguments: str) -> tuple[int, list[str]]:
    """The exit code of a program that got a signal, then a line to go on with, and what it said."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "works\n"
    process.send_signal(number)
    said, _ = process.communicate("goes on\n")
    return process.returncode, said.splitlines()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 143)])
def test_it_ends_with_the_code_that_a_shell_expects(number: signal.Signals, code: int) -> None:
    assert ended(number, "plain") == (code, ["tidied up"])


def test_a_server_that_is_told_to_stop_did_what_it_was_told() -> None:
    assert ended(signal.SIGTERM, "plain", "0") == (0, ["tidied up"])


def test_who_was_started_with_nohup_goes_on() -> None:
    assert ended(signal.SIGHUP, "nohup") == (0, ["goes on", "tidied up"])

"""What ends a process lets it tidy up first."""

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import signal, sys
from rxapp.signals import unwound_by_signals
if sys.argv[1].startswith("SIG"):
    signal.signal(signal.Signals[sys.argv[1]], signal.SIG_IGN)
try:
    with unwound_by_signals(code=int(sys.argv[2]) if sys.argv[2:] else None):
        print("works", flush=True)
        print(sys.stdin.readline().strip(), flush=True)
finally:
    print("tidied up", flush=True)
"""
SWALLOWED = """
import os, signal, sys
from rxapp import signals
signals.PATIENCE_SECONDS = float(sys.argv[1])
with signals.unwound_by_signals():
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    except SystemExit:
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    print("it goes on")
"""
UNDISTURBED = """
import os, signal
from rxapp.signals import undisturbed, unwound_by_signals
import threading
threading.Thread(target=threading.Event().wait, daemon=True).start()
with unwound_by_signals():
    with undisturbed():
        os.kill(os.getpid(), signal.SIGTERM)
        print("done", flush=True)
    print("never said", flush=True)
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


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT])
def test_who_was_started_to_ignore_it_goes_on(number: signal.Signals) -> None:
    assert ended(number, number.name) == (0, ["goes on", "tidied up"])


@pytest.mark.parametrize(("patience", "said"), [("1000", ["it goes on"]), ("-1", [])])
def test_another_one_does_not_interrupt_what_stops_but_for_who_has_waited(patience: str, said: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", SWALLOWED, patience], stdout=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()) == (0 if said else 143, said)


def test_what_must_not_be_half_done_is_done_first() -> None:
    done = subprocess.run([sys.executable, "-c", UNDISTURBED], stdout=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stdout) == (143, "done\n")

"""Short runs with fixed seeds: much breaks, and nothing is lost. The long form is `python -m tests.faults`."""

import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.faults.plan import Kind, Plan, kinds_of, schedule
from tests.faults.report import report
from tests.faults.run import Result, run

# The page's patience, shortened: what is tried again is tried again within the run.
ONE = Plan(
    seed=3, seconds=10.0, people=4, rate=2.0, gap_min=0.7, gap_max=1.5, lasts_min=0.5, lasts_max=1.5,
    request_timeout=4.0, retry_max=1.0,
)  # fmt: skip
TWO = Plan(
    seed=1, seconds=6.0, workers=2, people=4, rate=2.0, gap_min=0.7, gap_max=1.5, lasts_min=0.5, lasts_max=1.5,
    request_timeout=4.0, retry_max=1.0,
    kinds=(Kind.KILL_WORKER, Kind.PAUSE_WORKER, Kind.KILL_REDIS, Kind.REDIS_DROP, Kind.REDIS_MUTE),
)  # fmt: skip


@pytest.fixture
def folder() -> Generator[Path]:
    """Stays when something was wrong: the history and the logs are in it."""
    made = Path(tempfile.mkdtemp(prefix="confab-faults-"))
    made.chmod(0o711)  # the database's own account has to pass
    yield made
    if not (made / "history.json").exists():
        shutil.rmtree(made)


@pytest.mark.slow
async def test_nothing_is_lost_doubled_or_told_to_the_wrong_person_while_everything_breaks(folder: Path) -> None:
    expect_nothing_wrong(await run(ONE, folder), Kind.KILL_SERVER, Kind.KILL_EVERYTHING)


@pytest.mark.slow
async def test_nor_while_workers_and_their_redis_break(folder: Path) -> None:
    expect_nothing_wrong(await run(TWO, folder), Kind.KILL_WORKER, Kind.KILL_REDIS)


def expect_nothing_wrong(result: Result, *kinds: Kind) -> None:
    assert not result.wrong, report(result, "this test")
    assert set(kinds) <= {recovery.fault.kind for recovery in result.recoveries}
    assert result.stored
    assert result.history.heard


def test_a_seed_decides_which_faults_happen_when_and_to_whom() -> None:
    assert schedule(ONE) == schedule(ONE)
    assert schedule(Plan(seed=1)) != schedule(Plan(seed=2))
    assert {fault.kind for fault in schedule(Plan(seconds=600.0))} == set(kinds_of(Plan()))
    assert {fault.kind for fault in schedule(Plan(seconds=600.0, workers=2))} == set(Kind)

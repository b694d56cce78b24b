"""A short run with a fixed seed: much breaks, and nothing is lost. The long form is `python -m tests.faults`."""

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.faults.plan import Kind, Plan, kinds_of, schedule
from tests.faults.report import report
from tests.faults.run import run

SHORT = Plan(
    seed=1, seconds=14.0, people=4, rate=2.0, gap_min=0.8, gap_max=1.8, lasts_min=0.5, lasts_max=2.0,
    request_timeout=4.0, retry_max=1.0,
)  # fmt: skip


@pytest.mark.slow
async def test_nothing_is_lost_doubled_or_told_to_the_wrong_person_while_everything_breaks() -> None:
    folder = Path(tempfile.mkdtemp(prefix="confab-faults-"))
    folder.chmod(0o711)
    result = await run(SHORT, folder)
    assert not result.wrong, report(result, f"python -m tests.faults --minutes 1 --seed {SHORT.seed}")
    assert result.history.acts
    assert result.stored
    assert {Kind.KILL_SERVER, Kind.KILL_EVERYTHING} <= {recovery.fault.kind for recovery in result.recoveries}
    shutil.rmtree(folder)


def test_a_seed_decides_which_faults_happen_when_and_to_whom() -> None:
    assert schedule(SHORT) == schedule(SHORT)
    assert schedule(SHORT) != schedule(Plan(seed=2))
    assert {fault.kind for fault in schedule(Plan(seconds=600.0))} == set(kinds_of(Plan()))
    assert {fault.kind for fault in schedule(Plan(seconds=600.0, workers=2))} == set(Kind)

"""What is counted: fan-outs once, batches, refusals; and by several workers together."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from rxapp.observability.metrics import a_round, committed, delivered, rate_limited
from tests.access.server import PROJECT

# Counts as a worker does, and tells what all of them counted.
WORKER = """
import json, sys
from rxapp.observability.metrics import TABS, delivered
delivered(written=int(sys.argv[1]), queued=1)
TABS.labels(person="signed_in").set(int(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
"""
SCRAPE = """
import json
from prometheus_client.parser import text_string_to_metric_families
from rxapp.observability.exposition import exposition
families = text_string_to_metric_families(exposition().decode())
print(json.dumps({
    sample.name + "/" + "/".join(sorted(sample.labels.values())): sample.value
    for family in families for sample in family.samples if family.name in ("confab_deliveries", "confab_tabs")
}))
"""
FORGET = "import sys; from rxapp.observability.exposition import forget_worker; forget_worker(int(sys.argv[1]))"
CLEAN = """
import pathlib, sys
from rxapp.observability.exposition import share_metrics
share_metrics(pathlib.Path(sys.argv[1]))
"""


def test_the_table_in_the_docs_names_every_metric() -> None:
    named = set(re.findall(r"`(confab_\w+)`", (PROJECT / "docs/operating.md").read_text()))
    counted = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in REGISTRY.collect()
        if family.name.startswith("confab_")
    }
    assert named == counted


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_a_fan_out_is_counted_once_whatever_its_size() -> None:
    def counts() -> list[float]:
        ways = ("written", "queued", "cut_off")
        return [value("confab_ops_total"), *(value("confab_deliveries_total", way=way) for way in ways)]

    before = counts()
    delivered(written=494, queued=3, dropped=2)
    assert [after - earlier for after, earlier in zip(counts(), before, strict=True)] == [1, 494, 3, 2]


def test_batches_and_limits_are_counted() -> None:
    before = value("confab_commit_batch_messages_sum"), value("confab_rate_limit_refusals_total", limit="send")
    committed(7)
    rate_limited("send")
    after = value("confab_commit_batch_messages_sum"), value("confab_rate_limit_refusals_total", limit="send")
    assert (after[0] - before[0], after[1] - before[1]) == (7, 1)


def test_a_round_that_fails_is_no_success() -> None:
    with pytest.raises(ValueError, match="broke"), a_round("Failing"):
        raise ValueError("it broke")
    assert value("confab_background_round_failures_total", round="Failing") == 1
    assert value("confab_background_round_last_success_timestamp_seconds", round="Failing") == 0
    with a_round("Working"):
        pass
    assert value("confab_background_round_last_success_timestamp_seconds", round="Working") > 0


def run(code: str, folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=PROJECT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_several_workers_count_together_and_what_one_had_open_goes_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    folder.mkdir()
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, number], cwd=PROJECT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for number in ("3", "5")
    ]  # fmt: skip
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    counted = {"confab_deliveries_total/queued": 2, "confab_deliveries_total/written": 8}
    read = json.loads(run(SCRAPE, folder))
    assert {name: read[name] for name in (*counted, "confab_tabs/signed_in")} == {**counted, "confab_tabs/signed_in": 8}

    workers[0].communicate("end\n")
    run(FORGET, folder, str(workers[0].pid))
    read = json.loads(run(SCRAPE, folder))
    assert {name: read[name] for name in (*counted, "confab_tabs/signed_in")} == {**counted, "confab_tabs/signed_in": 5}

    workers[1].communicate("end\n")
    run(CLEAN, folder, str(folder))
    assert "confab_deliveries_total/written" not in {
        name for name, number in json.loads(run(SCRAPE, folder)).items() if number
    }

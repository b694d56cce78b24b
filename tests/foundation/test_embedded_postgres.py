"""The embedded Postgres: shared by processes, stopped by the last, and nothing acknowledged is ever lost."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from db.embedded import ensure_running
from db.embedded.home import Home, open_home
from rxapp.operator_error import OperatorError
from tests.foundation.processes import is_running, until

USER = """
import os, sys
from pathlib import Path
from db.embedded import ensure_running
with ensure_running(Path(sys.argv[1])) as database:
    print((Path(sys.argv[1]) / "postgres/data/postmaster.pid").read_text().splitlines()[0], flush=True)
    sys.stdin.readline()
"""
WRITER = """
import sys
from pathlib import Path
import psycopg
from db.embedded import ensure_running
with ensure_running(Path(sys.argv[1])) as database, psycopg.connect(database.url, autocommit=True) as connection:
    connection.execute("create table kept (n int)")
    n = 0
    while True:
        connection.execute("insert into kept values (%s)", (n,))
        print(n, flush=True)
        n += 1
"""


# One that loses patience soon, and says when it saw the database serve.
HASTY_WATCHDOG = """
import sys
from db.embedded import watchdog
watchdog.FAILED_STARTS_MAX, watchdog.RESTART_PAUSE_SECONDS, watchdog.LATE_RESTART_PAUSE_SECONDS = 2, 0.01, 0.2
serves = watchdog.Watchdog._serves
watchdog.Watchdog._serves = lambda self: serves(self) and not print("it serves", flush=True)
watchdog.main(sys.argv[1:])
"""


@pytest.fixture
def data_dir(reachable_dir: Path) -> Generator[Path]:
    folder = Path(tempfile.mkdtemp(dir=reachable_dir))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def start(program: str, data_dir: Path) -> "subprocess.Popen[str]":
    """Another process with a hold on the database."""
    command = [sys.executable, "-c", program, str(data_dir)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def line_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def finish(process: "subprocess.Popen[str]") -> None:
    process.communicate("\n")
    assert process.returncode == 0


def postmaster_of(data_dir: Path) -> int:
    return int((data_dir / "postgres/data/postmaster.pid").read_text().splitlines()[0])


def watchdog_of(data_dir: Path) -> int:
    return int((data_dir / "postgres/watchdog.lock").read_text())


def test_it_runs_for_as_long_as_somebody_holds_it_and_keeps_what_was_written(data_dir: Path) -> None:
    with ensure_running(data_dir) as database:
        postmaster = postmaster_of(data_dir)
        with psycopg.connect(database.url) as connection:
            connection.execute("create table kept (n int)")
    assert not is_running(postmaster)
    with ensure_running(data_dir) as database, psycopg.connect(database.url) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)


def test_only_its_account_reaches_it(data_dir: Path) -> None:
    with ensure_running(data_dir) as database:
        home = open_home(data_dir)
        for path, mode in ((home.data, 0o700), (home.socket_dir, 0o700), (home.password_file, 0o600)):
            assert stat.S_IMODE(path.stat().st_mode) == mode
        assert os.geteuid() != 0 or home.data.stat().st_uid != 0
        with psycopg.connect(database.url) as connection:
            assert connection.execute("show listen_addresses").fetchone() == ("",)
        password = home.password_file.read_text()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(database.url.replace(password, "guessed"))


def test_its_log_has_no_rows(data_dir: Path) -> None:
    with ensure_running(data_dir) as database, psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("create table said (words text check (length(words) < 3))")
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("insert into said values (%s)", ("tell nobody",))
    log = open_home(data_dir).log_file.read_text()
    assert "violates check constraint" in log
    assert "tell nobody" not in log


def test_it_folds_case_beyond_ascii(data_dir: Path) -> None:
    with ensure_running(data_dir) as database, psycopg.connect(database.url) as connection:
        assert connection.execute("select lower('É'), 'É' ilike 'é'").fetchone() == ("é", True)


def test_processes_that_start_at_once_share_one_server(data_dir: Path) -> None:
    users = [start(USER, data_dir) for _ in range(3)]
    postmasters = {line_of(user) for user in users}
    assert len(postmasters) == 1
    postmaster = int(postmasters.pop())
    for user in users[:-1]:
        finish(user)
        assert is_running(postmaster)
    finish(users[-1])
    assert not is_running(postmaster)


def test_it_ends_after_its_last_user_was_killed(data_dir: Path) -> None:
    user = start(USER, data_dir)
    postmaster = int(line_of(user))
    user.kill()
    user.communicate()
    until(lambda: not is_running(postmaster), "the database ends")
    with ensure_running(data_dir) as database, psycopg.connect(database.url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_kill_9_of_everything_loses_nothing_acknowledged(data_dir: Path) -> None:
    writer = start(WRITER, data_dir)
    assert writer.stdout is not None
    acknowledged = [int(writer.stdout.readline()) for _ in range(50)]
    for process in (watchdog_of(data_dir), postmaster_of(data_dir), writer.pid):
        os.kill(process, signal.SIGKILL)
    acknowledged += [int(line) for line in writer.communicate()[0].split()]
    with ensure_running(data_dir) as database, psycopg.connect(database.url) as connection:
        kept = {n for (n,) in connection.execute("select n from kept")}
    assert set(acknowledged) <= kept


def test_a_server_whose_watchdog_was_killed_is_adopted(data_dir: Path) -> None:
    with ensure_running(data_dir) as first:
        postmaster, watchdog = postmaster_of(data_dir), watchdog_of(data_dir)
        os.kill(watchdog, signal.SIGKILL)
        until(lambda: not is_running(watchdog), "the watchdog ends")
        with ensure_running(data_dir):
            assert postmaster_of(data_dir) == postmaster
            assert watchdog_of(data_dir) != watchdog
        with psycopg.connect(first.url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    assert not is_running(postmaster)


def test_a_server_that_crashes_comes_back_while_it_is_used(data_dir: Path) -> None:
    with ensure_running(data_dir) as database:
        os.kill(postmaster_of(data_dir), signal.SIGKILL)
        until(lambda: answers(database.url), "the database answers again")


def test_a_server_that_does_not_come_back_is_tried_for_as_long_as_it_is_used(data_dir: Path) -> None:
    with ensure_running(data_dir) as database:
        home = open_home(data_dir)
        settings, log = home.data / "postgresql.conf", home.root / "watchdog.log"
        os.kill(watchdog_of(data_dir), signal.SIGKILL)
        account = (str(home.account.uid), str(home.account.gid), "1" if home.account.drops else "0")
        with log.open("ab") as output:
            subprocess.run(
                [sys.executable, "-c", HASTY_WATCHDOG, str(home.root), *account, str(home.tree)],
                check=True, stdout=output, stderr=output,
            )  # fmt: skip
        until(lambda: "it serves" in log.read_text(), "it is adopted")
        settings.rename(settings.with_suffix(".away"))
        os.kill(postmaster_of(data_dir), signal.SIGKILL)
        until(lambda: log.read_text().count("did not stay up") > 2, "many starts failed")
        settings.with_suffix(".away").rename(settings)
        until(lambda: answers(database.url), "the database answers again")
        watchdog = watchdog_of(data_dir)
    until(lambda: not is_running(watchdog), "nobody needs it any more")


def test_backends_of_a_crashed_server_are_waited_for(data_dir: Path) -> None:
    with ensure_running(data_dir) as database, ThreadPoolExecutor() as threads:
        busy = psycopg.connect(database.url)
        backend = busy.info.backend_pid
        # Counting, it does not notice that its server is gone.
        query = threads.submit(busy.execute, "select count(*) from generate_series(1, 1e10) as n")
        until(lambda: is_counting(database.url), "the query runs")
        os.kill(postmaster_of(data_dir), signal.SIGKILL)
        log = open_home(data_dir).log_file
        until(lambda: "is still in use" in log.read_text(), "the new server sees the old one's backend")
        assert not answers(database.url)
        os.kill(backend, signal.SIGKILL)
        until(lambda: answers(database.url), "the database answers again")
        assert isinstance(query.exception(), psycopg.OperationalError)
        busy.close()


def test_a_lock_file_that_names_somebody_else_is_no_obstacle(data_dir: Path) -> None:
    user = start(USER, data_dir)
    postmaster = int(line_of(user))
    home = open_home(data_dir)
    for process in (watchdog_of(data_dir), postmaster, user.pid):
        os.kill(process, signal.SIGKILL)
    user.communicate()
    for path in (home.data / "postmaster.pid", home.socket_dir / ".s.PGSQL.5432.lock"):
        path.write_text(path.read_text().replace(str(postmaster), str(os.getpid())))
    with ensure_running(data_dir) as database:
        assert answers(database.url)


def test_files_of_another_version_are_refused(data_dir: Path) -> None:
    with ensure_running(data_dir):
        version = open_home(data_dir).data / "PG_VERSION"
    version.write_text("12\n")
    with pytest.raises(OperatorError, match="was made by PostgreSQL 12, installed is"):
        ensure_running(data_dir)


def test_a_data_folder_that_is_a_file_is_refused_in_one_line(data_dir: Path) -> None:
    (data_dir / "file").touch()
    with pytest.raises(OperatorError, match=r"^The data folder .*/file/x cannot be used \(Not a directory\): make it"):
        ensure_running(data_dir / "file" / "x")


def test_a_long_path_gets_a_short_socket(data_dir: Path) -> None:
    deep = data_dir / "a-folder-with-a-long-name" / "another-folder-with-a-long-name" / "and-one-more-of-them"
    deep.mkdir(parents=True)
    with ensure_running(deep) as database, psycopg.connect(database.url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
        assert len(os.fsencode(open_home(deep).socket_dir)) < 100
    shutil.rmtree(open_home(deep).socket_dir)


def test_it_runs_under_a_folder_that_only_its_owner_enters(closed_home: Home, closed_dir: Path) -> None:
    with ensure_running(closed_dir / "data") as database, psycopg.connect(database.url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert open_home(closed_dir / "data").root == closed_home.root
    if os.geteuid() == 0:  # its account cannot pass, so the files are elsewhere
        assert not closed_home.root.is_relative_to(closed_dir)
        shutil.rmtree(closed_home.root)
        with pytest.raises(OperatorError, match="which is gone: put that folder back"):
            ensure_running(closed_dir / "data")
        closed_home.root.mkdir()


@pytest.fixture
def closed_dir() -> Generator[Path]:
    """A folder with mode 0700, as root's home and every `mktemp -d` are."""
    with tempfile.TemporaryDirectory(prefix="confab-closed-") as folder:
        yield Path(folder)


@pytest.fixture
def closed_home(closed_dir: Path) -> Generator[Home]:
    home = open_home(closed_dir / "data")
    yield home
    shutil.rmtree(home.root)
    with suppress(OSError):  # others may have theirs beside it
        home.root.parent.rmdir()


def is_counting(url: str) -> bool:
    with psycopg.connect(url) as connection:
        found = connection.execute("select 1 from pg_stat_activity where state = 'active' and query like '%1e10%'")
        return len(found.fetchall()) > 1  # this question and the query


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url) as connection:
            return connection.execute("select 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False

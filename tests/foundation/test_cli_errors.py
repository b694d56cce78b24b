"""What an operator got wrong is said in one clear line, and the exit code is not 0."""

import os
import pwd
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest

from db.embedded import EmbeddedDatabase
from db.url import with_database
from rxapp.listening import listening_socket
from rxapp.settings import Settings
from tests.foundation.conftest import RunCommand

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def taken_port() -> Generator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield str(listener.getsockname()[1])


@pytest.fixture
def closed_port() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


def one_line(result: tuple[int, list[str]]) -> str:
    code, lines = result
    assert code == 1
    assert len(lines) == 1, lines
    assert lines[0].startswith("confab: ")
    return lines[0]


def test_a_taken_port(command: RunCommand, taken_port: str) -> None:
    line = one_line(command("serve", PORT=taken_port))
    assert f"Port {taken_port} on 127.0.0.1 is taken by another program: stop that one, or set PORT" in line


def test_a_port_that_another_start_holds_while_it_gets_ready(command: RunCommand, closed_port: str) -> None:
    with listening_socket(Settings(PORT=closed_port, _env_file=None)):
        assert f"Port {closed_port} on 127.0.0.1 is taken" in one_line(command("serve", PORT=closed_port))


def test_an_address_of_another_machine(command: RunCommand, closed_port: str) -> None:
    line = one_line(command("serve", HOST="192.0.2.1", PORT=closed_port))
    assert f"Cannot listen on 192.0.2.1:{closed_port}" in line
    assert "set HOST to an address of this machine" in line


def test_a_host_that_is_no_address(command: RunCommand) -> None:
    assert "HOST no.such.host.invalid is no address" in one_line(command("serve", HOST="no.such.host.invalid"))


def test_a_wrong_setting(command: RunCommand) -> None:
    assert "The setting PORT is not usable" in one_line(command("serve", PORT="eighty"))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://u:hidden@localhost/d", "DATABASE_URL starts with 'mysql': expected something like postgresql://"),
        ("localhost:5432/d?hidden", "DATABASE_URL has no ://: expected something like postgresql://"),
        ("postgresql://u:hid%zz@localhost/d", "DATABASE_URL cannot be read: expected something like postgresql://"),
        ("postgresql://u:hidden@localhost:port/d", "DATABASE_URL cannot be read"),
    ],
)
@pytest.mark.parametrize("name", ["serve", "migrate"])
def test_a_malformed_database_address(command: RunCommand, closed_port: str, name: str, url: str, reason: str) -> None:
    line = one_line(command(name, DATABASE_URL=url, PORT=closed_port))
    assert reason in line
    assert "hid" not in line


def test_a_database_that_is_down(command: RunCommand, closed_port: str) -> None:
    line = one_line(command("migrate", DATABASE_URL=f"postgresql://u:hidden@127.0.0.1:{closed_port}/d"))
    assert f"The database at 127.0.0.1:{closed_port}/d cannot be reached: Connection refused" in line
    assert "hidden" not in line


def test_a_database_with_another_password(command: RunCommand, postgres: EmbeddedDatabase) -> None:
    password = postgres.url.partition("postgres:")[2].partition("@")[0]
    line = one_line(command("migrate", DATABASE_URL=postgres.url.replace(password, "guessed")))
    assert 'password authentication failed for user "postgres". Start it, or correct DATABASE_URL' in line


def test_a_database_that_is_not_there(command: RunCommand, postgres: EmbeddedDatabase) -> None:
    line = one_line(command("migrate", DATABASE_URL=with_database(postgres.url, "absent")))
    assert 'database "absent" does not exist' in line


@pytest.mark.parametrize("name", ["serve", "migrate"])
def test_a_database_newer_than_the_code(command: RunCommand, database_url: str, closed_port: str, name: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("insert into supabase_migrations.schema_migrations (version) values ('99990101000000')")
    line = one_line(command(name, DATABASE_URL=database_url, PORT=closed_port))
    assert "The database has migration 99990101000000, which this version of Confab does not know: start" in line


def test_a_read_only_data_folder(reachable_dir: Path) -> None:
    folder = reachable_dir / "read-only"
    folder.mkdir()
    folder.chmod(0o555)
    done = as_a_plain_user("migrate", CONFAB_DATA=str(folder))
    assert one_line((done.returncode, done.stderr.splitlines())) == (
        f"confab: The data folder {folder} cannot be written (Permission denied): "
        "make it writable for this account, or set CONFAB_DATA to another folder."
    )


def test_a_data_folder_that_is_a_file(command: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot be written (File exists)" in one_line(command("migrate", CONFAB_DATA=str(tmp_path / "file")))


@pytest.mark.parametrize("name", ["backup", "restore"])
def test_a_place_for_the_backup_that_is_not_there(command: RunCommand, database_url: str, name: str) -> None:
    line = one_line(command(name, "absent/backup.tar.gz", DATABASE_URL=database_url))
    assert "No such file or directory" in line


def test_an_unknown_command_shows_how_to_ask(operator: Path) -> None:
    done = run_python(["-m", "rxapp", "no-such-command"], {"CONFAB_DATA": str(operator)})
    assert done.returncode == 2
    assert "invalid choice: 'no-such-command'" in done.stderr
    assert "Traceback" not in done.stderr


def as_a_plain_user(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Root may write everywhere, so it becomes nobody for this, once all is imported that only root may read."""
    uid = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
    program = f"import os, sys; from rxapp.cli.main import main; os.setuid({uid}); sys.exit(main(sys.argv[1:]))"
    return run_python(["-c", program, *arguments], settings)


def run_python(arguments: list[str], settings: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT, env={"PATH": os.environ["PATH"], **settings}, capture_output=True, text=True, check=False,
    )  # fmt: skip

"""`import irc`: what the operator types and is told, and what is in the channel afterwards."""

import signal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from db.models import Channel, Message, User
from rxapp.actor import Actor
from rxapp.cli.import_ import channel_in_name
from rxapp.services.backend import Backend
from rxapp.services.channel_people import join_channel
from rxapp.services.channels import create_channel, rename_channel
from rxapp.services.hiding import hide_channel
from rxapp.services.imports import list_import_targets
from rxapp.services.workspaces import create_workspace
from tests.cli.chat_rows import rows_of
from tests.cli.conftest import Run, Start

KILLED_LOG_LINES = 12_000


def log(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


async def test_logs_are_imported_by_day_each_into_the_channel_it_names(
    owned: Backend, run: Run, tmp_path: Path
) -> None:
    second = log(tmp_path, "#garden-2019-03-05.log", "[09:00] <bob> later\n")
    first = log(
        tmp_path, "#garden-2019-03-04.log", "[09:00] <ada> early\n=== bob has joined #garden\n[09:01] * bob waves\n"
    )
    other = log(tmp_path, "2019-03-01.txt", "[09:00] <ada> elsewhere\n")
    done = run("import", "irc", second, first, other)
    assert (done.returncode, done.stderr) == (0, "")
    assert await rows_of(owned, "garden") == [("ada", "early"), ("bob", "*waves*"), ("bob", "later")]
    assert await rows_of(owned, "irc") == [("ada", "elsewhere")]
    assert f"{first} from 2019-03-04, into #garden of Garden:\n" in done.stdout
    assert "  3 lines read: 1 messages, 1 actions, 1 status lines, 0 not understood\n" in done.stdout
    assert "3 files, 5 lines in " in done.stdout
    assert ": 4 messages imported, 0 were already there." in done.stdout


async def test_the_same_log_again_adds_nothing_and_a_longer_one_its_new_lines(
    owned: Backend, run: Run, tmp_path: Path
) -> None:
    content = "[09:00] <ada> hi\n[09:00] <ada> hi\n[09:01] * bob waves\n"
    path = log(tmp_path, "2019-03-04.log", content)
    run("import", "irc", path, "--channel", "#Garden")
    again = run("import", "irc", path, "--channel", "garden", "--timezone", "Europe/Berlin")
    assert "0 imported, 3 already there\n  0 people created, 2 known before\n" in again.stdout
    log(tmp_path, "2019-03-04.log", content + "[09:01] <ada> hi\n")
    longer = run("import", "irc", path, "--channel", "garden")
    assert "1 imported, 3 already there\n" in longer.stdout
    assert await rows_of(owned, "garden") == [("ada", "hi"), ("ada", "hi"), ("bob", "*waves*"), ("ada", "hi")]


async def test_a_log_goes_on_in_its_channel_whatever_that_is_called_now(
    owned: Backend, run: Run, tmp_path: Path
) -> None:
    content = "[09:00] <ada> hi\n"
    path = log(tmp_path, "#garden-2019-03-04.log", content)
    run("import", "irc", path)
    async with owned.database.session() as session:
        owner = Actor((await session.scalars(select(User.id).where(User.kind == "person"))).one())
        garden = (await session.scalars(select(Channel.id).where(Channel.name == "garden"))).one()
    await join_channel(owned, actor=owner, channel_id=garden)
    await rename_channel(owned, actor=owner, channel_id=garden, name="behind-the-house", topic="", purpose="")
    await hide_channel(owned, actor=owner, channel_id=garden)
    log(tmp_path, path.name, f"{content}[09:01] <ada> hidden now\n[09:02] <ada> half a li")
    again = run("import", "irc", path)
    assert f"{path} from 2019-03-04, into #behind-the-house of Garden:\n" in again.stdout
    assert "1 imported, 1 already there\n" in again.stdout
    assert "Not understood, a last line without an end, which may be half of one: it comes once it has" in again.stdout
    assert await rows_of(owned, "behind-the-house") == [("ada", "hi"), ("ada", "hidden now")]
    async with owned.database.session() as session:
        assert (await session.scalars(select(Channel.id).where(Channel.name == "garden"))).all() == []
    # A channel that is chosen is the one that has the name today.
    assert "into #behind-the-house of" in run("import", "irc", path, "--channel", "garden").stdout
    made = await create_channel(
        owned, actor=owner, workspace_id=(await list_import_targets(owned))[0].workspace_id, name="garden"
    )
    assert "into #behind-the-house of" in run("import", "irc", path).stdout
    assert "into #garden of" in run("import", "irc", path, "--channel", "garden").stdout
    assert "into #garden of" in run("import", "irc", path).stdout
    assert str(made["name"]) == "garden"


async def test_broken_lines_and_other_encodings_are_reported(owned: Backend, run: Run, tmp_path: Path) -> None:
    path = log(
        tmp_path, "2019-03-04.log",
        b"[09:00] <zo\xeb> caf\xe9\nnonsense\n[25:00] <ada> hi\n[09:01] <ada>\n[09:02] <ada> " + b"*" * 9000 + b"\n",
    )  # fmt: skip
    done = run("import", "irc", path)
    assert done.returncode == 0
    assert await rows_of(owned, "irc") == [("zoë", "café")]
    assert "5 lines read: 1 messages, 0 actions, 0 status lines, 4 not understood\n" in done.stdout
    assert "1 lines were not UTF-8 and were read as Windows-1252\n" in done.stdout
    assert "line 2: 'nonsense'\n" in done.stdout
    assert "Not understood, longer than a message may be: 1\n    line 5: '*****" in done.stdout


async def test_the_clock_of_the_log_and_its_day(owned: Backend, run: Run, tmp_path: Path) -> None:
    run(
        "import",
        "irc",
        log(tmp_path, "x.log", "[00:30] <ada> hi\n"),
        "--date",
        "2019-07-01",
        "--timezone",
        "Europe/Berlin",
    )
    async with owned.database.session() as session:
        sent = (await session.scalars(select(Message.created_at))).one()
    assert sent.isoformat() == "2019-06-30T22:30:00+00:00"


async def test_an_import_that_was_killed_is_completed_by_the_next(
    owned: Backend, start: Start, run: Run, tmp_path: Path
) -> None:
    lines = "".join(f"[{n // 600:02}:{n // 10 % 60:02}] <n{n % 50}> line {n}\n" for n in range(KILLED_LOG_LINES))
    path = log(tmp_path, "2019-03-04.log", lines)
    with start("import", "irc", path) as killed:
        async with owned.database.session() as session:
            while not await session.scalar(select(func.count()).select_from(Message)):
                await session.rollback()
                assert killed.poll() is None
        killed.kill()
    assert killed.returncode == -signal.SIGKILL
    stored = len(await rows_of(owned, "irc"))
    assert 0 < stored < KILLED_LOG_LINES
    done = run("import", "irc", path)
    assert f"{KILLED_LOG_LINES - stored:,} messages imported, {stored:,} were already there" in done.stdout
    assert [source for _, source in await rows_of(owned, "irc")] == [f"line {n}" for n in range(KILLED_LOG_LINES)]
    async with owned.database.session() as session:
        people = await session.scalar(select(func.count()).where(User.kind == "imported"))
    assert people == 50


async def test_a_file_that_is_refused_on_the_way_keeps_what_came_before_it(
    owned: Backend, run: Run, tmp_path: Path
) -> None:
    good = log(tmp_path, "2019-03-04.log", "[09:00] <ada> hi\n")
    bad = log(tmp_path, "2999-12-31.log", "[23:59] <ada> last\n[00:00] <ada> beyond\n")
    done = run("import", "irc", bad, good)
    assert done.returncode == 1
    assert done.stderr == (
        f"confab: {bad}: The log reaches 3000-01-01: expected a year from 1970 to 2999. "
        "1 of its messages were stored before.\n"
    )
    assert await rows_of(owned, "irc") == [("ada", "hi"), ("ada", "last")]


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (["absent-2019-03-04.log"], 1, "absent-2019-03-04.log cannot be read (No such file or directory)"),
        (["."], 1, "cannot be read (Is a directory): correct that and import it again."),
        (["nameless.log"], 1, "nameless.log: no date in its name, YYYY-MM-DD was expected; give one with --date."),
        (["nameless.log", "other.log", "--date", "2019-03-04"], 1, "import them one by one, each with its --date."),
        (["2019-03-04.log", "--workspace", "Nowhere"], 1, "There is no workspace 'Nowhere': choose with --workspace "),
        (["2019-03-04.log", "--channel", " # "], 1, "confab: Write something first: the channel is empty."),
        (["2019-03-04.log", "--timezone", "Mars/Olympus"], 2, "'Mars/Olympus' is no time zone"),
        (["2019-03-04.log", "--date", "yesterday"], 2, "'yesterday' is no date, YYYY-MM-DD was expected"),
        (["utf16-2019-03-04.log"], 1, "The log is in UTF-16: save it as UTF-8 and import it again."),
    ],
)  # fmt: skip
async def test_what_cannot_be_imported_is_said_in_a_line(
    owned: Backend, run: Run, tmp_path: Path, arguments: list[str], code: int, line: str
) -> None:
    for name in ("nameless.log", "other.log", "2019-03-04.log"):
        log(tmp_path, name, "[09:00] <ada> hi\n")
    log(tmp_path, "utf16-2019-03-04.log", "[09:00] <ada> hi\n".encode("utf-16"))
    paths = [tmp_path / argument if argument.endswith((".log", ".")) else argument for argument in arguments]
    done = run("import", "irc", *paths)
    assert done.returncode == code
    assert line in done.stderr.splitlines()[-1]
    assert code == 2 or len(done.stderr.splitlines()) == 1
    async with owned.database.session() as session:
        assert await session.scalar(select(func.count()).select_from(Message)) == 0


async def test_one_of_several_workspaces_has_to_be_chosen(owned: Backend, run: Run, tmp_path: Path) -> None:
    path = log(tmp_path, "2019-03-04.log", "[09:00] <ada> hi\n")
    async with owned.database.session() as session:
        owner = Actor((await session.scalars(select(User.id))).one())
    second = await create_workspace(owned, actor=owner, name="Orchard")
    refused = run("import", "irc", path)
    assert refused.returncode == 1
    assert "confab: There are several workspaces: choose with --workspace one of Garden (" in refused.stderr
    assert run("import", "irc", path, "--workspace", "Orchard").returncode == 0
    assert run("import", "irc", path, "--workspace", second["id"], "--channel", "other").returncode == 0
    async with owned.database.session() as session:
        found = await session.execute(
            select(Channel.name, Channel.workspace_id).where(Channel.name.in_(["irc", "other"]))
        )
        assert {(name, str(workspace)) for name, workspace in found} == {("irc", second["id"]), ("other", second["id"])}


def test_without_a_workspace_there_is_nowhere_to_import(run: Run, tmp_path: Path) -> None:
    done = run("import", "irc", log(tmp_path, "2019-03-04.log", "[09:00] <ada> hi\n"))
    assert (done.returncode, done.stderr) == (
        1,
        "confab: There is no workspace yet: start Confab, make the first account, then import.\n",
    )


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("#garden-2019-03-04.log", "garden"),
        ("garden-2019-03-04.txt", "garden"),
        ("2019-03-04.log", "irc"),
        ("2019-03-04_03.raw.txt", "irc"),
        ("irc.example.#web_talk.weechatlog", "web_talk"),
        ("#garden_20190304.log", "garden"),
    ],
)
def test_the_channel_in_a_files_name(name: str, channel: str) -> None:
    assert channel_in_name(name) == channel

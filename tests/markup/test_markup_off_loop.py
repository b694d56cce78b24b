"""Rendering that cannot hold up the server, however long it would take."""

import asyncio
import sys
from pathlib import Path

import pytest

from rxapp.markup import close_renderers, render, render_all_off_loop, render_off_loop
from rxapp.markup.highlighting import Colouring
from rxapp.markup.off_loop import QUICK_LIMIT_CHARACTERS, QUICK_LIMIT_MARKS, is_quick
from rxapp.markup.renderer_pool import RendererPool
from rxapp.markup.renderer_process import RendererLost, RendererProcess
from tests.hanging_renderer import HANGS

HANGS_AT_SLOW = (
    sys.executable,
    "-c",
    "import time\nfrom rxapp.markup import child\nrender = child.render\n"
    "child.render = lambda text, **how: time.sleep(60 if text == 'slow' else 0) or render(text, **how)\nchild.main()",
)
NEVER_READY = (sys.executable, "-c", "import sys; sys.exit(3)")
LONG = "*a* " * QUICK_LIMIT_CHARACTERS


def test_a_long_message_is_rendered_in_a_child_as_it_would_be_here() -> None:
    async def twice() -> None:
        assert await render_off_loop(LONG) == render(LONG)
        assert await render_off_loop(LONG + "é\ud800") == render(LONG + "é\ud800")

    asyncio.run(twice())
    close_renderers()


def test_renderers_start_again_after_they_were_closed_and_on_another_loop() -> None:
    for _ in range(2):
        assert not asyncio.run(render_off_loop(LONG)).fallback
        close_renderers()


def test_many_at_once() -> None:
    async def many() -> None:
        answers = await asyncio.gather(*(render_off_loop(f"{LONG}{n}") for n in range(12)))
        assert [answer.plain_text[-2:].strip() for answer in answers] == [str(n) for n in range(12)]

    asyncio.run(many())
    close_renderers()


def test_a_child_that_takes_too_long_is_killed_and_the_text_shown_as_typed() -> None:
    process = RendererProcess(HANGS)
    with pytest.raises(RendererLost):
        process.render("x", timeout_seconds=0.1)
    assert not process.is_alive

    pool = RendererPool(timeout_seconds=0.1, command=HANGS)
    rendered = asyncio.run(pool.render("*a*\n<b>"))
    assert rendered.fallback
    assert rendered.html == "<p>*a*<br>&lt;b&gt;</p>\n"
    assert rendered.plain_text == "*a*\n<b>"


def test_a_child_that_reads_nothing_more_does_not_block_the_writer() -> None:
    process = RendererProcess(HANGS)
    with pytest.raises(RendererLost):
        process.render("x" * 1_000_000, timeout_seconds=0.1)


def test_a_child_that_cannot_start_is_a_fallback(caplog: pytest.LogCaptureFixture) -> None:
    pool = RendererPool(command=NEVER_READY)
    assert asyncio.run(pool.render("secret")).fallback
    assert "RendererLost" in caplog.text
    assert "secret" not in caplog.text


def test_where_no_process_can_be_started_the_text_is_shown_as_typed(caplog: pytest.LogCaptureFixture) -> None:
    pool = RendererPool(command=["/there/is/no/such/program"])
    assert asyncio.run(pool.render("secret")).fallback
    assert "FileNotFoundError" in caplog.text
    assert "secret" not in caplog.text


def test_a_message_does_not_wait_for_ever_for_a_free_child() -> None:
    pool = RendererPool(timeout_seconds=0.6, wait_seconds=0.2, command=HANGS)

    async def crowd() -> None:
        answers = await asyncio.gather(*(pool.render("x") for _ in range(6)))
        assert all(answer.fallback for answer in answers)

    asyncio.run(crowd())


def test_somebodys_slow_texts_hold_up_their_own_and_nobody_elses() -> None:
    pool = RendererPool(timeout_seconds=0.5, command=HANGS_AT_SLOW)

    async def crowd() -> None:
        slow = [asyncio.create_task(pool.render("slow", who="somebody")) for _ in range(6)]
        await asyncio.sleep(0)
        for _ in range(3):
            assert not (await pool.render("*a*", who="another")).fallback
        assert not all(one.done() for one in slow)
        assert all(one.fallback for one in await asyncio.gather(*slow))

    asyncio.run(crowd())
    pool.close()


def test_who_is_patient_waits_for_their_turn() -> None:
    pool = RendererPool(wait_seconds=0.001)

    async def crowd() -> None:
        answers = await asyncio.gather(*(pool.render("*a*", who="many", is_patient=True) for _ in range(3)))
        assert not any(answer.fallback for answer in answers)

    asyncio.run(crowd())
    pool.close()


@pytest.mark.parametrize("language", ["csharp", "perl6"])
def test_code_that_is_slow_to_colour_is_shown_plain_and_the_rest_as_ever(language: str) -> None:
    code = "a\n" * 3_900
    source = f"*before*\n```{language}\n{code}```\n- [ ] after"
    process = RendererProcess()
    rendered = process.render(source, 60.0)
    process.close()
    assert f'<code class="language-{language}">{code}</code>' in rendered.html
    assert "<em>before</em>" in rendered.html
    assert "task" in rendered.html
    assert not rendered.fallback


def test_many_small_blocks_use_up_the_time_for_colouring() -> None:
    colouring = Colouring(seconds=0.4)
    before = 0.4
    for _ in range(300):
        assert colouring.of("x = 1\n", "c") is not None
        assert colouring.seconds is not None
        assert colouring.seconds <= before
        before = colouring.seconds
    assert before < 0.4


def test_code_in_code_whose_languages_are_not_met_before_is_shown_plain_or_coloured_and_nothing_else() -> None:
    """Reading a language may need others in the middle of it, and time may be over while they are loaded."""
    languages = ("scala", "julia", "matlab", "racket", "php", "mathematica", "lasso", "csound", "sql", "vim")
    code = "".join(f"```{language}\nx\n```\n" for language in languages) * 8
    for _ in range(3):
        process = RendererProcess()
        rendered = process.render(f"*before*\n~~~~markdown\n{code}~~~~\n*after*", 60.0)
        process.close()
        assert rendered.html.count("<em>") == 2
        assert not rendered.fallback


def test_a_child_colours_code_unless_it_is_told_not_to() -> None:
    source = "```py\nimport os\n```"
    process = RendererProcess()
    assert process.render(source, 60.0) == render(source)
    plain = process.render(source, 60.0, with_colours=False)
    assert plain.html == '<pre><code class="language-py">import os\n</code></pre>\n'
    assert process.render(source, 60.0) == render(source)
    process.close()


def test_a_child_that_died_idle_is_replaced() -> None:
    async def around_a_death() -> None:
        pool = RendererPool()
        assert not (await pool.render("a")).fallback
        pool._idle[0]._process.kill()
        pool._idle[0]._process.wait()
        assert not (await pool.render("b")).fallback
        pool.close()

    asyncio.run(around_a_death())


def test_the_child_ends_when_its_input_is_closed() -> None:
    process = RendererProcess()
    assert process._process.stdin is not None
    process._process.stdin.close()
    assert process._process.wait(timeout=10) == 0
    process.close()


@pytest.mark.parametrize(
    ("source", "quick"),
    [
        ("Shall we meet at 12:30? *Yes!*", True),
        ("a" * QUICK_LIMIT_CHARACTERS, True),
        ("a" * (QUICK_LIMIT_CHARACTERS + 1), False),
        ("*" * (QUICK_LIMIT_MARKS + 1), False),
        ("\n" * (QUICK_LIMIT_MARKS + 1), False),
        ("http://münchen.de", False),
    ],
)
def test_only_short_messages_with_little_markup_are_rendered_on_the_loop(source: str, quick: bool) -> None:
    assert is_quick(source) is quick


def test_the_child_is_run_from_the_project_whatever_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert not asyncio.run(render_off_loop(LONG)).fallback
    close_renderers()


async def test_many_at_once_come_back_in_their_order() -> None:
    sources = ["*quick*", "- x\n" * 40, "plain", "a" * 20_000]
    assert await render_all_off_loop(sources) == [render(source) for source in sources]
    close_renderers()

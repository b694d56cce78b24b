"""Commands beside a running server: open tabs follow what they did, within the server's next heads."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

from playwright.async_api import expect

from tests.browser.conftest import Visitor
from tests.browser.people import is_in_channel, log_in, message, sees
from tests.browser.server import PROJECT, Server
from tests.browser.team import Team

# Longer than the time between two heads, on a busy machine.
HEADS_MILLISECONDS = 40_000
NEW_PASSWORD = "gravel window otter lamp"


async def run(server: Server, *arguments: str | Path, given: str = "") -> None:
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "rxapp", *map(str, arguments)],
        cwd=PROJECT,
        env={"PATH": "/usr/bin:/bin", "CONFAB_DATA": str(server.data)},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def workspace_of(team: Team) -> str:
    found = re.search(r"/w/([0-9a-f-]+)", team.ada.page.url)
    assert found is not None
    return found[1]


async def test_an_open_tab_shows_what_is_imported_and_a_sidebar_that_it_is_there(team: Team, tmp_path: Path) -> None:
    log = tmp_path / "2004-11-15.log"
    log.write_text("[09:00] <|eve|> *stars* and <b>tags</b>\n[09:01] * |eve| waves\n")
    workspace = workspace_of(team)
    await run(team.server, "import", "irc", log, "--workspace", workspace, "--channel", "general")
    shown = message(team.bob, "*stars* and <b>tags</b>")
    await expect(shown).to_be_visible(timeout=HEADS_MILLISECONDS)
    await expect(shown).to_contain_text("|eve|")
    await expect(shown.get_by_text("imported", exact=True)).to_be_visible()
    await shown.get_by_role("button", name="|eve|", exact=True).click()
    card = team.bob.page.get_by_role("complementary", name="Profile")
    await expect(card).to_contain_text("Nobody signs in as this person.")
    await expect(message(team.bob, "waves").get_by_role("emphasis")).to_have_text("waves")

    await run(team.server, "import", "irc", log, "--workspace", workspace, "--channel", "history")
    link = team.ada.page.get_by_role("link", name="history")
    await expect(link).to_be_visible(timeout=HEADS_MILLISECONDS)
    await link.click()
    await is_in_channel(team.ada, "history")
    await sees(team.ada, "*stars* and <b>tags</b>")


async def test_more_than_a_tab_catches_up_with_shows_its_newest_page(team: Team, tmp_path: Path) -> None:
    log = tmp_path / "2004-11-15.log"
    log.write_text("".join(f"[09:{n // 20:02}] <eve> line {n}\n" for n in range(1_200)))
    await run(team.server, "import", "irc", log, "--workspace", workspace_of(team), "--channel", "general")
    await expect(message(team.bob, "line 1199")).to_be_in_viewport(timeout=HEADS_MILLISECONDS)


async def test_a_reset_password_signs_the_person_out_of_an_open_tab(team: Team, visitor: Visitor) -> None:
    bob = team.bob
    bob.expect_refusals(r"WebSocket handshake: Unexpected response code: 403")  # a try with the ended session
    await run(team.server, "user", "reset-password", bob.email, given=f"{NEW_PASSWORD}\n")
    await expect(bob.page).to_have_url(re.compile("/login"), timeout=HEADS_MILLISECONDS)
    await log_in(bob, NEW_PASSWORD)
    await is_in_channel(bob, "general")
    elsewhere = await visitor(team.server, bob.name)
    elsewhere.expect_refusals(r"401")
    await elsewhere.page.goto("/login")
    await log_in(elsewhere)
    await expect(elsewhere.page.get_by_text("Email or password is wrong.")).to_be_visible()

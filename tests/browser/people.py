"""What people do in the browser, in sentences. All is found by role and name, as people and screen readers do."""

import re
from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, ConsoleMessage, Locator, Page, WebError, expect

PASSWORD = "copper lantern orbit meadow"

# The browser reports every refused request; asking who one is, signed out, is answered by a refusal on purpose.
ALWAYS_EXPECTED = (re.compile(r"401 .*/api/session\b"),)


@dataclass
class Person:
    """Somebody with a browser of their own, and the tab they look at."""

    name: str
    context: BrowserContext
    page: Page
    expected: list[re.Pattern[str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.on("console", self._note_message)
        self.context.on("weberror", self._note_error)

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@example.org"

    def expect_refusals(self, pattern: str) -> None:
        """From now on the browser may report failures like this one."""
        self.expected.append(re.compile(pattern))

    def expect_an_outage(self) -> None:
        """From now on the server may be away."""
        self.expect_refusals(r"net::ERR_|WebSocket|status of 50[23]")

    def unexpected(self) -> list[str]:
        """What the browser reported although nobody expected it."""
        patterns = (*ALWAYS_EXPECTED, *self.expected)
        return [problem for problem in self.problems if not any(pattern.search(problem) for pattern in patterns)]

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"{message.text} ({message.location['url']})")

    def _note_error(self, error: WebError) -> None:
        self.problems.append(f"uncaught: {error.error.stack or error.error}")


# ---------------------------------------------------------------- coming and going


async def register_owner(person: Person, workspace: str) -> None:
    """Make the installation's first account by the form that an empty installation leads to."""
    await person.page.goto("/")
    await fill_account(person)
    await person.page.get_by_label("Workspace name").fill(workspace)
    await person.page.get_by_role("button", name="Create account").click()
    await is_in_channel(person, "general")


async def fill_account(person: Person) -> None:
    await person.page.get_by_label("Your name").fill(person.name)
    await person.page.get_by_label("Email").fill(person.email)
    await person.page.get_by_label("Password").fill(PASSWORD)


async def invite(person: Person) -> str:
    """A link that lets others into the workspace."""
    await person.page.get_by_role("button", name="Invite").click()
    await person.page.get_by_role("button", name="Create link").click()
    link = await person.page.get_by_role("textbox", name="Invitation link").input_value()
    await close_dialog(person)
    return link


async def join_as(newcomer: Person, link: str) -> None:
    """Come in through an invitation with a new account."""
    await newcomer.page.goto(link)
    await fill_account(newcomer)
    await newcomer.page.get_by_role("button", name="Create account").click()
    await is_in_channel(newcomer, "general")


async def enter_as(newcomer: Person, link: str) -> None:
    """The same without the form, for tests about something else."""
    origin, _, token = link.partition("/join/")
    account = {"name": newcomer.name, "email": newcomer.email, "password": PASSWORD, "invitation": token}
    answer = await newcomer.context.request.post("/api/accounts", data=account, headers={"origin": origin})
    assert answer.ok, await answer.text()
    await newcomer.page.goto("/")
    await is_in_channel(newcomer, "general")


async def make_workspace(owner: Person, name: str) -> None:
    """A workspace of one's own for a test, beside the others."""
    await owner.page.goto("/welcome")
    await owner.page.get_by_label("Workspace name").fill(name)
    await owner.page.get_by_role("button", name="Create workspace").click()
    await owner.page.get_by_role("link", name="general").click()
    await is_in_channel(owner, "general")


async def choose_in_own_menu(person: Person, choice: str) -> None:
    """What is behind one's own name below the sidebar."""
    await open_sidebar(person)
    await person.page.get_by_role("button", name="Your menu").click()
    await person.page.get_by_role("menuitem", name=choice).click()


async def change_profile(person: Person, fields: dict[str, str]) -> None:
    """Write something else about oneself, by the labels of the fields."""
    await choose_in_own_menu(person, "Profile")
    await person.page.get_by_role("button", name="Edit profile").click()
    dialog = person.page.get_by_role("dialog", name="Edit profile")
    for label, value in fields.items():
        await dialog.get_by_role("textbox", name=label, exact=True).fill(value)
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)


async def log_in(person: Person, password: str = PASSWORD) -> None:
    """Fill the log-in page that is open, and send it."""
    await person.page.get_by_label("Email").fill(person.email)
    await person.page.get_by_label("Password").fill(password)
    await person.page.get_by_role("button", name="Log in").click()


async def open_another_tab(person: Person) -> Page:
    """One more tab on what the person looks at."""
    page = await person.context.new_page()
    await page.goto(person.page.url)
    await expect(page.get_by_role("log", name="Messages")).to_be_visible()
    return page


# ---------------------------------------------------------------- channels


async def is_in_channel(person: Person, channel: str) -> None:
    """Wait until the person stands in a channel and can write there."""
    await expect(person.page.get_by_role("heading", level=1, name=channel)).to_be_visible()
    await expect(composer(person)).to_be_editable()
    await expect(person.page.get_by_role("log", name="Messages")).to_be_visible()


async def open_sidebar(person: Person) -> None:
    """On a narrow screen it is out of sight until it is asked for."""
    sidebar = person.page.get_by_role("navigation", name="Channels and workspace")
    opener = person.page.get_by_role("button", name="Open the sidebar")
    await expect(sidebar.or_(opener).filter(visible=True).first).to_be_visible()
    if not await sidebar.is_visible():
        await opener.click()


async def create_channel(person: Person, name: str, *, private: bool = False) -> None:
    await open_sidebar(person)
    await person.page.get_by_role("button", name="Create a channel").click()
    dialog = person.page.get_by_role("dialog", name="Create a channel")
    await dialog.get_by_role("textbox", name="Name").fill(name)
    await dialog.get_by_role("checkbox", name="Private").set_checked(private)
    await dialog.get_by_role("button", name="Create", exact=True).click()
    await is_in_channel(person, name)


async def browse(person: Person, text: str) -> Locator:
    """Look for channels; gives the list of those found."""
    await person.page.get_by_role("button", name="Browse channels").click()
    dialog = person.page.get_by_role("dialog", name="Browse channels")
    await dialog.get_by_role("searchbox", name="Search channels").fill(text)
    return dialog.get_by_role("list", name="Channels found")


async def close_dialog(person: Person) -> None:
    await person.page.get_by_role("button", name="Close", exact=True).click()
    await expect(person.page.get_by_role("dialog")).to_have_count(0)


# ---------------------------------------------------------------- messages


def composer(person: Person | Page) -> Locator:
    return _page(person).get_by_role("textbox", name=re.compile("^Message "))


def message(person: Person | Page, text: str) -> Locator:
    """The row with a text."""
    return _page(person).get_by_role("log", name="Messages").get_by_role("article").filter(has_text=text)


async def send(person: Person | Page, text: str) -> None:
    """Write a message; it is on one's own screen at once."""
    await composer(person).fill(text)
    await composer(person).press("Enter")
    await expect(composer(person)).to_have_value("")


async def sees(person: Person | Page, text: str) -> None:
    """Wait until exactly one message has the text, and it is stored and not only on its way."""
    row = message(person, text)
    await expect(row).to_have_count(1)
    await expect(row.get_by_role("paragraph").filter(has_text=text)).to_be_visible()


async def sees_not(person: Person | Page, text: str) -> None:
    await expect(message(person, text)).to_have_count(0)


async def choose(person: Person, text: str, action: str) -> None:
    """Choose something from the menu of the row with a text."""
    row = message(person, text)
    await row.hover()
    await row.get_by_role("button", name="More actions").click()
    await row.get_by_role("menuitem", name=action).click()


async def texts_of(page: Page) -> list[str]:
    """The stored messages in the list, from top to bottom; what is on its way is no paragraph yet."""
    rows = page.get_by_role("log", name="Messages").get_by_role("article").get_by_role("paragraph")
    return await rows.all_inner_texts()


def channel_id(person: Person) -> str:
    """The id of the channel in the address."""
    return person.page.url.rpartition("/c/")[2].partition("?")[0]


def _page(person: Person | Page) -> Page:
    return person.page if isinstance(person, Person) else person

"""What lives in the browser, for use in Python: thin wrappers of assets/live/*.js."""

from typing import Any

import reflex as rx

from components.bridge import FOLDER, Children, Item, Render, function_of, node_of
from state.live import LIVE_STATE_NAME


class LiveLink(rx.Component):
    """Ties the socket to the store; once on a page."""

    library = f"{FOLDER}/link.js"
    tag = "LiveLink"

    live_state: rx.Var[str]
    session: rx.Var[str]
    on_enter: rx.EventHandler[rx.event.passthrough_event_spec(str, int)]
    on_enter_other: rx.EventHandler[rx.event.passthrough_event_spec(str, int)]
    on_open: rx.EventHandler[rx.event.passthrough_event_spec(str, int, dict[str, Any])]


class MessageList(rx.Component):
    """The virtualised list of the channel in the address."""

    library = f"{FOLDER}/list.js"
    tag = "MessageList"
    lib_dependencies: list[str] = ["virtua@0.54.2"]  # noqa: RUF012 - Reflex reads the class attribute

    row: rx.Var[Any]
    day: rx.Var[Any]
    loading: rx.Var[Any]
    absent: rx.Var[Any]
    beginning: rx.Var[Any]
    on_older: rx.EventHandler[rx.event.passthrough_event_spec(str, int)]
    on_newer: rx.EventHandler[rx.event.passthrough_event_spec(str, int)]
    on_read: rx.EventHandler[rx.event.passthrough_event_spec(str, int, int)]


class MessageHtml(rx.Component):
    """A message's HTML, as the server stored it, with the names that this reader may know."""

    library = f"{FOLDER}/html.js"
    tag = "MessageHtml"

    html: rx.Var[str]


class DayForm(rx.Component):
    """Asks for a day to jump to."""

    library = f"{FOLDER}/day_form.js"
    tag = "DayForm"


class Composer(rx.Component):
    """Where one writes to the channel in the address."""

    library = f"{FOLDER}/composer.js"
    tag = "Composer"
    # For pasting, see rich_text.js; loaded only when it is needed.
    lib_dependencies: list[str] = ["turndown@7.2.5", "turndown-plugin-gfm@1.0.2"]  # noqa: RUF012 - as above

    formats: rx.Var[Any]
    extras: rx.Var[Any]
    send_icon: rx.Var[Any]
    on_typing: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class EmojiChoice(rx.Component):
    """Where an emoji is chosen, whoever asked for it; once on a page."""

    library = f"{FOLDER}/emoji_choice.js"
    tag = "EmojiChoice"


class MessageEditor(rx.Component):
    """Where one edits a message, in its row."""

    library = f"{FOLDER}/message_editor.js"
    tag = "MessageEditor"

    message: rx.Var[str]


class ActiveRow(rx.Component):
    """A row of the list that mounts its actions while it is pointed at or has the focus."""

    library = f"{FOLDER}/active_row.js"
    tag = "ActiveRow"

    message: rx.Var[Any]
    actions: rx.Var[Any]


class ForwardForm(rx.Component):
    """Where a message is forwarded to, and what one says to it; in the dialog about that message."""

    library = f"{FOLDER}/forward.js"
    tag = "ForwardForm"

    row: rx.Var[Any]


class LiveValue(rx.Component):
    """What there is one of."""

    library = f"{FOLDER}/value.js"
    tag = "LiveValue"

    of: rx.Var[str]
    render_item: rx.Var[Any]


class LiveEach(LiveValue):
    """What there are many of."""

    tag = "LiveEach"


class ApiValue(rx.Component):
    """What an API route answers."""

    library = f"{FOLDER}/api_value.js"
    tag = "ApiValue"

    path: rx.Var[str]
    render_item: rx.Var[Any]
    loading: rx.Var[Any]
    refused: rx.Var[Any]


class Moment(rx.Component):
    """A day and its time, as the reader writes them."""

    library = f"{FOLDER}/moment.js"
    tag = "Moment"

    at: rx.Var[int]


class Drawer(rx.Component):
    """Holds the sidebar: beside the rest on a wide screen, over it on a narrow one."""

    library = f"{FOLDER}/drawer.js"
    tag = "Drawer"


class Dialog(rx.Component):
    """A dialog."""

    library = f"{FOLDER}/dialog.js"
    tag = "Dialog"

    name: rx.Var[str]
    heading: rx.Var[str]
    on_open: rx.EventHandler[rx.event.no_args_event_spec]


class QuickSwitcher(rx.Component):
    """Where one types where to go."""

    library = f"{FOLDER}/switcher.js"
    tag = "QuickSwitcher"
    lib_dependencies: list[str] = ["fuse.js@7.5.0"]  # noqa: RUF012 - Reflex reads the class attribute

    row: rx.Var[Any]


class Keys(rx.Component):
    """The keys that work everywhere; once on a page."""

    library = f"{FOLDER}/keys.js"
    tag = "Keys"


class Reading(rx.Component):
    """What moves one's cursors besides reading: keys, Alt and a click; once on a page."""

    library = f"{FOLDER}/reading.js"
    tag = "Reading"

    on_unread: rx.EventHandler[rx.event.passthrough_event_spec(str, int)]
    on_read: rx.EventHandler[rx.event.passthrough_event_spec(str, int, int)]
    on_all: rx.EventHandler[rx.event.no_args_event_spec]


class TabBadge(rx.Component):
    """Title and icon of the browser's tab; once on a page."""

    library = f"{FOLDER}/tab_badge.js"
    tag = "TabBadge"


class Menu(rx.Component):
    """A menu behind a button."""

    library = f"{FOLDER}/menu.js"
    tag = "Menu"

    label: rx.Var[str]
    trigger: rx.Var[Any]


class Pane(rx.Component):
    """The pane on the right."""

    library = f"{FOLDER}/pane.js"
    tag = "Pane"

    name: rx.Var[str]
    heading: rx.Var[str]
    on_open: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class NavLink(rx.Component):
    """A link to another place in the app."""

    library = f"{FOLDER}/nav_link.js"
    tag = "NavLink"

    to: rx.Var[str]


class SidebarSection(rx.Component):
    """A part of the sidebar that can be folded; `name` is what is remembered by."""

    library = f"{FOLDER}/section.js"
    tag = "SidebarSection"

    name: rx.Var[str]
    heading: rx.Var[str]
    action: rx.Var[Any]


class PeoplePicker(rx.Component):
    """A form in which one chooses several people; `found` are those who match `searched`."""

    library = f"{FOLDER}/people_picker.js"
    tag = "PeoplePicker"

    found: rx.Var[list[dict[str, Any]]]
    searched: rx.Var[str]
    limit: rx.Var[int]
    label: rx.Var[str]
    hint: rx.Var[str]
    full: rx.Var[str]
    confirm: rx.Var[str]
    needs_one: rx.Var[bool]
    on_search: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_confirm: rx.EventHandler[rx.event.passthrough_event_spec(list[str])]


class ApiForm(rx.Component):
    """A form that is posted to the API; `carry` names what comes from the address: `{"setup": "query:token"}`."""

    library = f"{FOLDER}/form.js"
    tag = "ApiForm"

    action: rx.Var[str]
    next_path: rx.Var[str]
    carry: rx.Var[dict[str, str]]


class Profile(rx.Component):
    """What a person says of themselves: oneself, or who the open pane is about."""

    library = f"{FOLDER}/profile.js"
    tag = "Profile"

    own: rx.Var[bool]
    render_item: rx.Var[Any]
    loading: rx.Var[Any]


class Directory(rx.Component):
    """The people of the workspace, looked up page after page."""

    library = f"{FOLDER}/directory.js"
    tag = "Directory"

    row: rx.Var[Any]
    loading: rx.Var[Any]
    role_given: rx.Var[dict[str, Any]]


class ChannelPeople(Directory):
    """The people of the channel in the address, looked up page after page."""

    tag = "ChannelPeople"

    changed: rx.Var[int]


class ChannelBrowser(rx.Component):
    """The channels of the workspace, looked up page after page."""

    library = f"{FOLDER}/channel_browser.js"
    tag = "ChannelBrowser"

    row: rx.Var[Any]
    loading: rx.Var[Any]


def profile(render: Render, *, own: bool = False, loading: rx.Component) -> rx.Component:
    """Who the open pane is about, or oneself, rendered anew when they change."""
    return Profile.create(own=own, render_item=function_of(render), loading=node_of(loading))


def directory(row: Render, *, loading: rx.Component, role_given: dict[str, Any]) -> rx.Component:
    """A search over the workspace's people, each by `row`; `role_given` is the newest role that was given here."""
    return Directory.create(row=function_of(row), loading=node_of(loading), role_given=role_given)


def channel_people(row: Render, *, loading: rx.Component, changed: int) -> rx.Component:
    """A search over the channel's people, each by `row`; with another `changed` it is read anew."""
    return ChannelPeople.create(row=function_of(row), loading=node_of(loading), changed=changed)


def channel_browser(row: Render, *, loading: rx.Component) -> rx.Component:
    """A search over the workspace's channels, each by `row`."""
    return ChannelBrowser.create(row=function_of(row), loading=node_of(loading))


def live_value(of: str, render: Render) -> rx.Component:
    """What there is one of, rendered anew when it changes.

    `workspace rail me channel about dialog landing latest connection`, as `one` in assets/live/value.js has them.
    """
    return LiveValue.create(of=of, render_item=function_of(render))


def live_each(of: str, render: Render) -> rx.Component:
    """What there are many of, `channels directs workspaces`; only an item that changed is rendered anew."""
    return LiveEach.create(of=of, render_item=function_of(render))


def api_value(path: str, render: Render, *, loading: rx.Component, refused: rx.Component) -> rx.Component:
    """The answer of an API route; `{name}` in its path is taken from the address, `{dialog}` from the open dialog."""
    return ApiValue.create(
        path=path, render_item=function_of(render), loading=node_of(loading), refused=node_of(refused)
    )


def sidebar_section(name: str, heading: rx.Var[str], *children: Children, action: rx.Component) -> rx.Component:
    """A list in the sidebar under a heading, with a button beside it."""
    return SidebarSection.create(*children, name=name, heading=heading, action=node_of(action))


def live_link(**events: Any) -> rx.Component:
    """The tie between socket and store."""
    return LiveLink.create(live_state=LIVE_STATE_NAME, session=rx.State.router.session.session_id, **events)


def message_list(
    row: Render, day: Render, *, loading: rx.Component, absent: rx.Component, beginning: rx.Component, **events: Any
) -> rx.Component:
    """The messages of the channel in the address, each by `row`, under the `day` that is looked at."""
    return MessageList.create(
        row=function_of(row),
        day=function_of(day),
        loading=node_of(loading),
        absent=node_of(absent),
        beginning=node_of(beginning),
        **events,
    )


def quick_switcher(row: Render) -> rx.Component:
    """The quick switcher, each place by `row`."""
    return QuickSwitcher.create(row=function_of(row))


def forward_form(row: Render) -> rx.Component:
    """The form that forwards the message of the open dialog; each place by `row`."""
    return ForwardForm.create(row=function_of(row))


def active_row(message: Item, *children: rx.Component, actions: Render, **props: Any) -> rx.Component:
    """The row of a message, with what one may do with it while it is the active one."""
    return ActiveRow.create(*children, message=message, actions=function_of(actions), **props)


def dialog(name: str, heading: rx.Var[str] | str, *children: Children, **props: Any) -> rx.Component:
    """A dialog that `open_dialog(name)` opens. Its content exists only while it is open."""
    return Dialog.create(*children, name=name, heading=heading, **props)


def pane(name: str, heading: rx.Var[str] | str, *children: Children, **props: Any) -> rx.Component:
    """A pane on the right that `open_pane(name)` opens. Its content exists only while it is open."""
    return Pane.create(*children, name=name, heading=heading, **props)

"""What lives in the browser, for use in Python: thin wrappers of assets/live/*.js."""

from collections.abc import Callable
from functools import cache
from typing import Any

import reflex as rx
from reflex_base.vars.base import VarData
from reflex_base.vars.function import ArgsFunctionOperation, FunctionStringVar, FunctionVar
from reflex_base.vars.object import ObjectVar

from state.live import LIVE_STATE_NAME

_FOLDER = "$/public/live"

Item = ObjectVar[dict[str, Any]]
Render = Callable[[Item], rx.Component]
Children = rx.Component | rx.Var[Any] | str


class LiveLink(rx.Component):
    """Ties the socket to the store; once on a page."""

    library = f"{_FOLDER}/link.js"
    tag = "LiveLink"

    live_state: rx.Var[str]
    session: rx.Var[str]
    on_enter: rx.EventHandler[rx.event.passthrough_event_spec(str, int)]
    on_enter_other: rx.EventHandler[rx.event.passthrough_event_spec(str, int)]
    on_open: rx.EventHandler[rx.event.passthrough_event_spec(str, int, dict[str, Any])]


class MessageList(rx.Component):
    """The virtualised list of the channel in the address."""

    library = f"{_FOLDER}/list.js"
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

    library = f"{_FOLDER}/html.js"
    tag = "MessageHtml"

    html: rx.Var[str]


class DayForm(rx.Component):
    """Asks for a day to jump to."""

    library = f"{_FOLDER}/day_form.js"
    tag = "DayForm"


class Composer(rx.Component):
    """Where one writes to the channel in the address."""

    library = f"{_FOLDER}/composer.js"
    tag = "Composer"
    # For pasting, see rich_text.js; loaded only when it is needed.
    lib_dependencies: list[str] = ["turndown@7.2.5", "turndown-plugin-gfm@1.0.2"]  # noqa: RUF012 - as above

    formats: rx.Var[Any]
    extras: rx.Var[Any]
    send_icon: rx.Var[Any]


class EmojiChoice(rx.Component):
    """Where an emoji is chosen, whoever asked for it; once on a page."""

    library = f"{_FOLDER}/emoji_choice.js"
    tag = "EmojiChoice"


class MessageEditor(rx.Component):
    """Where one edits a message, in its row."""

    library = f"{_FOLDER}/message_editor.js"
    tag = "MessageEditor"

    message: rx.Var[str]


class ActiveRow(rx.Component):
    """A row of the list that mounts its actions while it is pointed at or has the focus."""

    library = f"{_FOLDER}/active_row.js"
    tag = "ActiveRow"

    message: rx.Var[Any]
    actions: rx.Var[Any]


class ForwardForm(rx.Component):
    """Where a message is forwarded to, and what one says to it; in the dialog about that message."""

    library = f"{_FOLDER}/forward.js"
    tag = "ForwardForm"

    row: rx.Var[Any]


class LiveValue(rx.Component):
    """What there is one of."""

    library = f"{_FOLDER}/value.js"
    tag = "LiveValue"

    of: rx.Var[str]
    render_item: rx.Var[Any]


class LiveEach(LiveValue):
    """What there are many of."""

    tag = "LiveEach"


class ApiValue(rx.Component):
    """What an API route answers."""

    library = f"{_FOLDER}/api_value.js"
    tag = "ApiValue"

    path: rx.Var[str]
    render_item: rx.Var[Any]
    loading: rx.Var[Any]
    refused: rx.Var[Any]


class Moment(rx.Component):
    """A day and its time, as the reader writes them."""

    library = f"{_FOLDER}/moment.js"
    tag = "Moment"

    at: rx.Var[int]


class Drawer(rx.Component):
    """Holds the sidebar: beside the rest on a wide screen, over it on a narrow one."""

    library = f"{_FOLDER}/drawer.js"
    tag = "Drawer"


class Dialog(rx.Component):
    """A dialog."""

    library = f"{_FOLDER}/dialog.js"
    tag = "Dialog"

    name: rx.Var[str]
    heading: rx.Var[str]
    on_open: rx.EventHandler[rx.event.no_args_event_spec]


class QuickSwitcher(rx.Component):
    """Where one types where to go."""

    library = f"{_FOLDER}/switcher.js"
    tag = "QuickSwitcher"
    lib_dependencies: list[str] = ["fuse.js@7.5.0"]  # noqa: RUF012 - Reflex reads the class attribute

    row: rx.Var[Any]


class Keys(rx.Component):
    """The keys that work everywhere; once on a page."""

    library = f"{_FOLDER}/keys.js"
    tag = "Keys"


class Reading(rx.Component):
    """What moves one's cursors besides reading: keys, Alt and a click; once on a page."""

    library = f"{_FOLDER}/reading.js"
    tag = "Reading"

    on_unread: rx.EventHandler[rx.event.passthrough_event_spec(str, int)]
    on_read: rx.EventHandler[rx.event.passthrough_event_spec(str, int, int)]
    on_all: rx.EventHandler[rx.event.no_args_event_spec]


class TabBadge(rx.Component):
    """Title and icon of the browser's tab; once on a page."""

    library = f"{_FOLDER}/tab_badge.js"
    tag = "TabBadge"


class Menu(rx.Component):
    """A menu behind a button."""

    library = f"{_FOLDER}/menu.js"
    tag = "Menu"

    label: rx.Var[str]
    trigger: rx.Var[Any]


class Pane(rx.Component):
    """The pane on the right."""

    library = f"{_FOLDER}/pane.js"
    tag = "Pane"

    name: rx.Var[str]
    heading: rx.Var[str]
    on_open: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class NavLink(rx.Component):
    """A link to another place in the app."""

    library = f"{_FOLDER}/nav_link.js"
    tag = "NavLink"

    to: rx.Var[str]


class SidebarSection(rx.Component):
    """A part of the sidebar that can be folded; `name` is what is remembered by."""

    library = f"{_FOLDER}/section.js"
    tag = "SidebarSection"

    name: rx.Var[str]
    heading: rx.Var[str]
    action: rx.Var[Any]


class PeoplePicker(rx.Component):
    """A form in which one chooses several people; `found` are those who match `searched`."""

    library = f"{_FOLDER}/people_picker.js"
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

    library = f"{_FOLDER}/form.js"
    tag = "ApiForm"

    action: rx.Var[str]
    next_path: rx.Var[str]
    carry: rx.Var[dict[str, str]]


class Profile(rx.Component):
    """What a person says of themselves: oneself, or who the open pane is about."""

    library = f"{_FOLDER}/profile.js"
    tag = "Profile"

    own: rx.Var[bool]
    render_item: rx.Var[Any]
    loading: rx.Var[Any]


class Directory(rx.Component):
    """The people of the workspace, looked up page after page."""

    library = f"{_FOLDER}/directory.js"
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

    library = f"{_FOLDER}/channel_browser.js"
    tag = "ChannelBrowser"

    row: rx.Var[Any]
    loading: rx.Var[Any]


def profile(render: Render, *, own: bool = False, loading: rx.Component) -> rx.Component:
    """Who the open pane is about, or oneself, rendered anew when they change."""
    return Profile.create(own=own, render_item=_function(render), loading=_node(loading))


def directory(row: Render, *, loading: rx.Component, role_given: dict[str, Any]) -> rx.Component:
    """A search over the workspace's people, each by `row`; `role_given` is the newest role that was given here."""
    return Directory.create(row=_function(row), loading=_node(loading), role_given=role_given)


def channel_people(row: Render, *, loading: rx.Component, changed: int) -> rx.Component:
    """A search over the channel's people, each by `row`; with another `changed` it is read anew."""
    return ChannelPeople.create(row=_function(row), loading=_node(loading), changed=changed)


def channel_browser(row: Render, *, loading: rx.Component) -> rx.Component:
    """A search over the workspace's channels, each by `row`."""
    return ChannelBrowser.create(row=_function(row), loading=_node(loading))


def live_value(of: str, render: Render) -> rx.Component:
    """What there is one of, rendered anew when it changes.

    `workspace rail me channel about dialog landing latest connection`, as `one` in assets/live/value.js has them.
    """
    return LiveValue.create(of=of, render_item=_function(render))


def live_each(of: str, render: Render) -> rx.Component:
    """What there are many of, `channels directs workspaces`; only an item that changed is rendered anew."""
    return LiveEach.create(of=of, render_item=_function(render))


def api_value(path: str, render: Render, *, loading: rx.Component, refused: rx.Component) -> rx.Component:
    """The answer of an API route; `{name}` in its path is taken from the address, `{dialog}` from the open dialog."""
    return ApiValue.create(path=path, render_item=_function(render), loading=_node(loading), refused=_node(refused))


def sidebar_section(name: str, heading: rx.Var[str], *children: Children, action: rx.Component) -> rx.Component:
    """A list in the sidebar under a heading, with a button beside it."""
    return SidebarSection.create(*children, name=name, heading=heading, action=_node(action))


def live_link(**events: Any) -> rx.Component:
    """The tie between socket and store."""
    return LiveLink.create(live_state=LIVE_STATE_NAME, session=rx.State.router.session.session_id, **events)


def message_list(
    row: Render, day: Render, *, loading: rx.Component, absent: rx.Component, beginning: rx.Component, **events: Any
) -> rx.Component:
    """The messages of the channel in the address, each by `row`, under the `day` that is looked at."""
    return MessageList.create(
        row=_function(row),
        day=_function(day),
        loading=_node(loading),
        absent=_node(absent),
        beginning=_node(beginning),
        **events,
    )


def quick_switcher(row: Render) -> rx.Component:
    """The quick switcher, each place by `row`."""
    return QuickSwitcher.create(row=_function(row))


def forward_form(row: Render) -> rx.Component:
    """The form that forwards the message of the open dialog; each place by `row`."""
    return ForwardForm.create(row=_function(row))


def active_row(message: Item, *children: rx.Component, actions: Render, **props: Any) -> rx.Component:
    """The row of a message, with what one may do with it while it is the active one."""
    return ActiveRow.create(*children, message=message, actions=_function(actions), **props)


def dialog(name: str, heading: rx.Var[str] | str, *children: Children, **props: Any) -> rx.Component:
    """A dialog that `open_dialog(name)` opens. Its content exists only while it is open."""
    return Dialog.create(*children, name=name, heading=heading, **props)


def open_dialog(name: str, value: rx.Var[str] | str = "") -> FunctionVar[Any]:
    """An event that opens a dialog, about the thing with the given id."""
    return _action("dialog.js", "openDialog", name, value)


def close_dialog() -> FunctionVar[Any]:
    """An event that closes the open dialog."""
    return _action("dialog.js", "closeDialog")


def dialog_value() -> rx.vars.StringVar[str]:
    """The id that the open dialog is about."""
    return _javascript("dialog.js", "dialogValue").call().to(str)


def pane(name: str, heading: rx.Var[str] | str, *children: Children, **props: Any) -> rx.Component:
    """A pane on the right that `open_pane(name)` opens. Its content exists only while it is open."""
    return Pane.create(*children, name=name, heading=heading, **props)


def open_pane(name: str, value: rx.Var[str] | str = "") -> FunctionVar[Any]:
    """An event that opens a pane, about the thing with the given id."""
    return _action("pane.js", "openPane", name, value)


def close_pane() -> FunctionVar[Any]:
    """An event that closes the open pane."""
    return _action("pane.js", "closePane")


def pane_value() -> rx.vars.StringVar[str]:
    """The id that the open pane is about."""
    return _javascript("pane.js", "paneValue").call().to(str)


def close_for_pane(name: str, value: rx.Var[str] | str = "") -> FunctionVar[Any]:
    """An event that goes from an open dialog to a pane, about the thing with the given id."""
    return _action("dialog.js", "closeForPane", name, value)


def zones(chosen: rx.Var[str]) -> rx.vars.ArrayVar[Any]:
    """The time zones to choose from, each with `value` and `name`."""
    return _javascript("zones.js", "zones").call(chosen).to(list[dict[str, str]])


def open_drawer() -> FunctionVar[Any]:
    """An event that brings the sidebar in on a narrow screen."""
    return _action("drawer.js", "openDrawer")


def jump_to(where: str) -> FunctionVar[Any]:
    """An event that goes to a place in the channel: `Latest`, `Unread`, `Beginning`, `LastWeek` or `LastMonth`."""
    return _action("jump.js", f"jumpTo{where}")


def dismiss_bar() -> FunctionVar[Any]:
    """An event that takes the bar above the messages away."""
    return _action("jump.js", "dismissBar")


def start_edit(message_id: rx.Var[str]) -> FunctionVar[Any]:
    """An event that turns a message's row into an editor."""
    return _action("editing.js", "startEdit", message_id)


def mark_unread(message_id: rx.Var[str]) -> FunctionVar[Any]:
    """An event that sets one's cursor back to before a message."""
    return _action("reading.js", "markUnread", message_id)


def mark_all_read() -> FunctionVar[Any]:
    """An event that marks all of the workspace read; asks before when that is much."""
    return _action("reading.js", "markAllRead")


def copy_message_text(message_id: rx.Var[str]) -> FunctionVar[Any]:
    """An event that puts a message's Markdown on the clipboard."""
    return _action("message_actions.js", "copyMessageText", message_id)


def copy_message_link(message_id: rx.Var[str], channel_id: rx.Var[str]) -> FunctionVar[Any]:
    """An event that puts a message's address on the clipboard."""
    return _action("message_actions.js", "copyMessageLink", message_id, channel_id)


def quote_message(message_id: rx.Var[str], channel_id: rx.Var[str]) -> FunctionVar[Any]:
    """An event that puts a message as a quote into the composer."""
    return _action("message_actions.js", "quoteMessage", message_id, channel_id)


def delete_message(message_id: rx.Var[str]) -> FunctionVar[Any]:
    """An event that deletes a message and offers to undo it."""
    return _action("message_actions.js", "deleteMessage", message_id)


def format_here(name: str) -> FunctionVar[Any]:
    """An event that formats what is selected where one writes, by a name of assets/live/formatting.js."""
    return _action("toolbar.js", "formatHere", name)


def emoji_here() -> FunctionVar[Any]:
    """An event that lets one choose an emoji, and types it where one writes."""
    return _action("emoji_choice.js", "emojiHere")


def toggle_toolbar() -> FunctionVar[Any]:
    """An event that shows or hides the buttons that format."""
    return _action("toolbar.js", "toggleToolbar")


def with_keys(label: rx.Var[str], name: str) -> rx.vars.StringVar[str]:
    """A format's name and the keys that do the same, as they are called on this machine."""
    return _javascript("toolbar.js", "withKeys").call(label, name).to(str)


def send_again(key: rx.Var[str]) -> FunctionVar[Any]:
    """An event that sends a refused message once more."""
    return _action("outbox.js", "sendAgain", key)


def discard(key: rx.Var[str]) -> FunctionVar[Any]:
    """An event that gives a refused message up."""
    return _action("outbox.js", "discard", key)


def reload_page() -> FunctionVar[Any]:
    """An event that loads the page anew."""
    return _action("version.js", "reloadPage")


def log_out() -> FunctionVar[Any]:
    """An event that ends the session."""
    return _action("form.js", "logOut")


def copy_link(path: rx.Var[str] | str) -> FunctionVar[Any]:
    """An event that puts the full address of a path on the clipboard and says so."""
    return _action("clipboard.js", "copyLink", path)


def now() -> rx.vars.StringVar[str]:
    """The moment at which it is asked for, as text: what is opened now is told from what was opened before."""
    return rx.Var("String(Date.now())").to(str)


def link_of(path: rx.Var[str] | str) -> rx.vars.StringVar[str]:
    """The full address of a path, as this browser sees the installation."""
    return _javascript("clipboard.js", "linkOf").call(path).to(str)


def go_to(path: rx.Var[str] | str) -> FunctionVar[Any]:
    """An event that closes what is open and goes to a page without loading the app anew."""
    return _action("dialog.js", "closeAndGo", path)


def command_key() -> rx.vars.StringVar[str]:
    """The name of the key that commands begin with: Ctrl, or ⌘ on a Mac."""
    return _javascript("keys.js", "commandKey").call().to(str)


def exact_time(at: rx.Var[int]) -> rx.vars.StringVar[str]:
    """A moment, in milliseconds since 1970, as the reader writes it."""
    return _javascript("format.js", "exactTimeOf").call(at).to(str)


def initials(name: rx.Var[Any]) -> rx.vars.StringVar[str]:
    """The letters of a person's avatar."""
    return _javascript("format.js", "initialsOf").call(name).to(str)


def refusal_text(code: rx.Var[str]) -> rx.vars.StringVar[str]:
    """The sentence of a refusal's code."""
    return _javascript("texts.js", "refusalText").call(code).to(str)


def _javascript(file: str, name: str) -> FunctionVar[Any]:
    return FunctionStringVar.create(name, _var_data=VarData(imports={f"{_FOLDER}/{file}": name}))


def _action(file: str, name: str, *arguments: Any) -> FunctionVar[Any]:
    return ArgsFunctionOperation.create(("_event",), _javascript(file, name).call(*arguments))


@cache
def _function(render: Render) -> FunctionVar[Any]:
    """A function of one item for JavaScript, as a component of its own: it may use state, and renders by itself."""

    def item_component(item: rx.Var[dict]) -> rx.Component:
        return render(item.to(dict[str, Any]))

    room = render.__module__.rpartition(".")[2]
    item_component.__name__ = item_component.__qualname__ = f"{room}_{render.__name__.strip('_')}_item"
    item_component.__module__ = render.__module__
    component = rx.memo(item_component)
    return ArgsFunctionOperation.create(
        ("item",), rx.Var.create(component(item=rx.Var("item", _var_type=dict[str, Any])))
    )


def _node(component: rx.Component) -> rx.Var[Any]:
    return rx.Var.create(component)

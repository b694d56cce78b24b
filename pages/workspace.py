"""Where the work is done: the sidebar and a channel."""

import reflex as rx

from components.add_workspace import add_workspace_dialog
from components.banner import connection_banner
from components.channel_closing import archive_channel_dialog, hide_channel_dialog
from components.channel_dialogs import (
    browse_channels_dialog,
    channel_settings_dialog,
    create_channel_dialog,
)
from components.channel_header import channel_header
from components.direct import new_message_dialog
from components.directory import members_dialog, remove_member_dialog
from components.formatting_dialog import formatting_dialog
from components.invite_dialog import invite_dialog
from components.jump import jump_to_day_dialog
from components.live import Drawer, EmojiChoice, Keys, Reading, TabBadge, live_link
from components.message_forward import forward_message_dialog
from components.message_history import message_history_dialog
from components.messages import delete_message_dialog, messages_pane
from components.people_dialogs import channel_people_dialog
from components.preferences_dialog import preferences_dialog
from components.profile import edit_profile_dialog, profile_pane
from components.rail import rail
from components.reading import mark_all_read_dialog
from components.shortcuts_dialog import shortcuts_dialog
from components.sidebar import sidebar
from components.switcher import switcher_dialog
from components.workspace_dialog import workspace_dialog
from components.workspace_menu import delete_workspace_dialog, leave_workspace_dialog
from pages.page import Page
from rxapp.texts.var import t
from state.channel import ChannelState
from state.workspace import WorkspaceState


def channel() -> rx.Component:
    """One channel."""
    return _shell(channel_header(), messages_pane())


def workspace() -> rx.Component:
    """A workspace with no channel chosen."""
    return _shell(
        channel_header(),
        rx.el.p(t("workspace.choose"), class_name="muted m-auto px-6 text-center"),
    )


def _shell(*pane: rx.Component) -> rx.Component:
    return rx.el.div(
        live_link(on_enter=WorkspaceState.enter, on_enter_other=WorkspaceState.enter_other, on_open=ChannelState.open),
        Drawer.create(rail(), sidebar()),
        rx.el.main(connection_banner(), *pane, class_name="flex h-dvh min-w-0 flex-1 flex-col"),
        profile_pane(),
        create_channel_dialog(),
        browse_channels_dialog(),
        channel_settings_dialog(),
        archive_channel_dialog(),
        hide_channel_dialog(),
        workspace_dialog(),
        leave_workspace_dialog(),
        delete_workspace_dialog(),
        add_workspace_dialog(),
        channel_people_dialog(),
        members_dialog(),
        remove_member_dialog(),
        invite_dialog(),
        delete_message_dialog(),
        edit_profile_dialog(),
        preferences_dialog(),
        shortcuts_dialog(),
        formatting_dialog(),
        switcher_dialog(),
        Keys.create(),
        TabBadge.create(),
        Reading.create(
            on_unread=ChannelState.mark_unread, on_read=ChannelState.read_to, on_all=WorkspaceState.mark_all_read
        ),
        mark_all_read_dialog(),
        message_history_dialog(),
        forward_message_dialog(),
        jump_to_day_dialog(),
        EmojiChoice.create(),
        new_message_dialog(),
        class_name="flex h-dvh overflow-hidden bg-ground",
    )


WORKSPACE = Page("/w/[workspace_id]", "workspace.title", workspace)
CHANNEL = Page("/w/[workspace_id]/c/[channel_id]", "workspace.title", channel)

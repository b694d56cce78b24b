"""The state that ops travel in, as components name it."""

from rxapp.live.state import LiveState

LIVE_STATE_NAME = LiveState.get_full_name()

"""How much may be asked of the server, each in one place: `docs/limits.md` says the same in a table.

They are far beyond what people do, and far below what one of them could do to all others by a program.
"""

from dataclasses import dataclass
from enum import StrEnum


class Per(StrEnum):
    """Whose bucket it is."""

    ACCOUNT = "account"
    ADDRESS = "address"
    WORKSPACE = "workspace"
    SESSION = "session"
    SOCKET = "socket"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many at once, and so many a second from then on."""

    name: str
    per: Per
    burst: int
    per_second: float


# ---------------------------------------------------------------- what a person does

SEND = Limit("send", Per.ACCOUNT, burst=20, per_second=5)
# Edit, delete, restore, forward.
CHANGE = Limit("change", Per.ACCOUNT, burst=20, per_second=5)
# Channels and workspaces.
CREATE = Limit("create", Per.ACCOUNT, burst=20, per_second=0.2)
# Opening a direct conversation, a new one or one that is there.
DIRECT = Limit("direct", Per.ACCOUNT, burst=30, per_second=1)
# Making links that let others in, and coming in by one.
INVITE = Limit("invite", Per.ACCOUNT, burst=20, per_second=0.2)
# Names, profiles, roles, who is in a channel, preferences.
MANAGE = Limit("manage", Per.ACCOUNT, burst=60, per_second=2)
# Opening a channel, coming into a workspace, a page of messages. A tab comes into twenty workspaces at a start.
OPEN = Limit("open", Per.ACCOUNT, burst=300, per_second=20)
# What is looked up: people, channels, places, names, versions.
READ = Limit("read", Per.ACCOUNT, burst=100, per_second=20)
DRAFT = Limit("draft", Per.ACCOUNT, burst=60, per_second=5)
CURSOR = Limit("cursor", Per.ACCOUNT, burst=200, per_second=20)
# That one is writing; a tab says so every three seconds. What is too much is left out.
TYPING = Limit("typing", Per.ACCOUNT, burst=10, per_second=1)
# Sockets that are opened: fifty tabs come back at once after a restart.
CONNECT = Limit("connect", Per.ACCOUNT, burst=100, per_second=2)

# ---------------------------------------------------------------- what comes from one address, as a whole office may

LOG_IN = Limit("log_in", Per.ADDRESS, burst=100, per_second=2)
REGISTER = Limit("register", Per.ADDRESS, burst=100, per_second=1)
# Requests and sockets of any kind, files of the page too.
REQUEST = Limit("request", Per.ADDRESS, burst=3000, per_second=600)

# ---------------------------------------------------------------- what happens in one workspace

WORKSPACE_SEND = Limit("workspace_send", Per.WORKSPACE, burst=2000, per_second=500)

# ---------------------------------------------------------------- before anything is looked up

# Requests with one cookie.
SESSION_REQUEST = Limit("session_request", Per.SESSION, burst=300, per_second=60)
# Events of one tab.
EVENT = Limit("event", Per.SOCKET, burst=150, per_second=10)
# Events of a tab that were dropped because it sent too many: beyond that it is closed.
DROPPED_EVENT = Limit("dropped_event", Per.SOCKET, burst=300, per_second=5)
# Events of all tabs of a person.
ACCOUNT_EVENT = Limit("account_event", Per.ACCOUNT, burst=600, per_second=30)
# How often a tab is told that its events are dropped.
TOLD = Limit("told", Per.SOCKET, burst=1, per_second=1)
# Frames of one socket, whatever is in them: beyond that it is closed.
FRAME = Limit("frame", Per.SOCKET, burst=500, per_second=50)

# Requests that are dealt with at one time.
SESSION_REQUESTS_AT_ONCE = 30
ADDRESS_REQUESTS_AT_ONCE = 1000

# Who was told to wait and did not is answered no sooner than after this.
TURNED_AWAY_SECONDS = 1.0

# ---------------------------------------------------------------- sizes and patience

# The longest message is 16,383 characters; each may be written in JSON as twelve bytes.
BODY_MAX_BYTES = 256 * 1024
# The first line and all headers of a request; an address (URL) is a part of it.
HEAD_MAX_BYTES = 32 * 1024
# What a page sends over its socket are commands: the largest is a form.
FRAME_MAX_BYTES = 64 * 1024
# A request's head has to be there so soon after the connection, or after its first byte.
HEAD_SECONDS = 10.0
BODY_SECONDS = 20.0
# Of an answer that nobody takes.
STALLED_ANSWER_SECONDS = 30.0
# From a socket's upgrade until the tab says what it came for.
SOCKET_SETTLES_SECONDS = 30.0

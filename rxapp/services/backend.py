"""What every service works on: the database, the hub and who vouches for people."""

from dataclasses import dataclass, field

from db.engine import Database
from rxapp.auth.identity import Identity, LocalIdentity
from rxapp.live.hub import Hub
from rxapp.live.limits import Limits, NoLimits
from rxapp.live.others import Others
from rxapp.live.redis_link import RedisLink
from rxapp.live.wire import NoWire, Wire
from rxapp.services.group_commit import GroupCommit


@dataclass(frozen=True, slots=True)
class Backend:
    """The ground that services stand on."""

    database: Database
    hub: Hub
    identity: Identity
    commits: GroupCommit
    """What is stored together."""
    version: str = ""
    """Of the page that is served: a tab that came up with another one is told so."""
    redis: RedisLink | None = None
    """What makes several workers one; None where there is one only."""
    limits: Limits = field(default_factory=NoLimits)
    """How much anybody may ask for; as much as they like where nobody else is served."""


def make_backend(
    database: Database,
    wire: Wire | None = None,
    *,
    version: str = "",
    redis: RedisLink | None = None,
    others: Others | None = None,
    limits: Limits | None = None,
) -> Backend:
    """A backend on a database; without a wire nobody is listening, without others this is the only worker."""
    hub = Hub(wire or NoWire(), others)
    return Backend(database, hub, LocalIdentity(database), GroupCommit(hub), version, redis, limits or NoLimits())


_running: list[Backend] = []


def start_backend(backend: Backend) -> None:
    """Make it the one that this process serves with."""
    _running[:] = [backend]


def stop_backend() -> None:
    """Nothing is served any more."""
    _running.clear()


def backend() -> Backend:
    """The one that this process serves with."""
    if not _running:
        raise RuntimeError("expected a started app: the backend is made when the server comes up")
    return _running[0]

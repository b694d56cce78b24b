"""What a run does: how many people, for how long, and which faults happen when. A pure function of the seed."""

import random
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What goes wrong."""

    KILL_SERVER = "kill -9 server"
    KILL_WORKER = "kill -9 worker"
    STOP_SERVER = "stop and start server"
    KILL_POSTGRES = "kill -9 Postgres"
    KILL_BACKEND = "kill -9 one Postgres backend"
    KILL_REDIS = "kill -9 Redis"
    KILL_EVERYTHING = "kill -9 everything"
    PAUSE_WORKER = "pause a worker"
    PAUSE_POSTGRES = "pause Postgres"
    PAUSE_REDIS = "pause Redis"
    DROP = "drop connections"
    DELAY = "delay"
    STALL = "stall"
    SLOW = "a few bytes a second"
    DEAF = "half-open: the server hears nothing"
    MUTE = "half-open: the server is not heard"
    REDIS_DROP = "drop connections to Redis"
    REDIS_DELAY = "delay Redis"
    REDIS_DEAF = "half-open to Redis"
    REDIS_MUTE = "half-open from Redis"


SEVERAL_ONLY = frozenset({Kind.KILL_WORKER})
REDIS_ONLY = frozenset(
    {Kind.KILL_REDIS, Kind.PAUSE_REDIS, Kind.REDIS_DROP, Kind.REDIS_DELAY, Kind.REDIS_DEAF, Kind.REDIS_MUTE}
)
AT_ONCE = frozenset(
    {
        Kind.KILL_SERVER, Kind.KILL_WORKER, Kind.STOP_SERVER, Kind.KILL_POSTGRES, Kind.KILL_BACKEND,
        Kind.KILL_EVERYTHING, Kind.DROP, Kind.REDIS_DROP,
    }
)  # fmt: skip
OF_PEOPLE = frozenset({Kind.DROP, Kind.DELAY, Kind.STALL, Kind.SLOW, Kind.DEAF, Kind.MUTE})


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: seconds after the start, how long it lasts, whom it hits (people), and which of several processes."""

    at: float
    kind: Kind
    lasts: float
    people: tuple[int, ...]
    pick: int

    def __str__(self) -> str:
        lasts = f" for {self.lasts:.1f} s" if self.lasts else ""
        people = f", people {list(self.people)}" if self.people else ""
        return f"{self.at:6.1f} s  {self.kind}{lasts}{people}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The parameters of one run."""

    seed: int = 1
    seconds: float = 60.0
    # Each writes, and has a tab that reads; the first owns the workspace and takes others out and in.
    people: int = 5
    # Messages a second that each person writes.
    rate: float = 1.5
    workers: int = 1
    # Seconds from one fault to the next.
    gap_min: float = 2.0
    gap_max: float = 7.0
    lasts_min: float = 1.0
    lasts_max: float = 5.0
    # As in assets/live/request.js and outbox.js; a short run waits less.
    request_timeout: float = 15.0
    retry_max: float = 10.0
    # Bounds for what never comes.
    recover_deadline: float = 60.0
    quiet_deadline: float = 60.0
    # Only these, when some are named.
    kinds: tuple[Kind, ...] = ()

    @property
    def has_redis(self) -> bool:
        """Several workers need one."""
        return self.workers > 1


def kinds_of(plan: Plan) -> list[Kind]:
    """What can go wrong with such a system."""
    able = [kind for kind in Kind if plan.workers > 1 or kind not in SEVERAL_ONLY]
    able = [kind for kind in able if plan.has_redis or kind not in REDIS_ONLY]
    return [kind for kind in able if not plan.kinds or kind in plan.kinds]


def schedule(plan: Plan) -> list[Fault]:
    """The faults of a run; every kind comes before one comes again."""
    chance = random.Random(f"faults {plan.seed}")
    faults: list[Fault] = []
    deck: list[Kind] = []
    at = chance.uniform(plan.gap_min / 2, plan.gap_max / 2)
    while at < plan.seconds:
        deck = deck or chance.sample(kinds_of(plan), len(kinds_of(plan)))
        kind, lasts = deck.pop(), chance.uniform(plan.lasts_min, plan.lasts_max)
        people = tuple(sorted(chance.sample(range(plan.people), chance.randint(1, plan.people))))
        pick = chance.randrange(1000)
        faults.append(Fault(at, kind, 0.0 if kind in AT_ONCE else lasts, people if kind in OF_PEOPLE else (), pick))
        at += chance.uniform(plan.gap_min, plan.gap_max)
    return faults

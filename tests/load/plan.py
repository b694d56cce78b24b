"""What a run does: how many tabs, and what the people at them do."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Plan:
    """The parameters of one run; rates are those of a busy team in office hours."""

    tabs: int = 500
    seconds: float = 60.0
    # What is said by all people together, in messages a second.
    rate: float = 5.0
    # How many of the messages their authors change a moment later.
    edit_share: float = 0.1
    # Each tab changes its channel once in so many seconds, and stays away from the busy one for a few of them.
    switch_every: float = 30.0
    away_seconds: float = 5.0
    # Each tab reads an older page, and is loaded anew, once in so many seconds; 0 is never.
    older_every: float = 60.0
    reload_every: float = 300.0
    # Whether people look at their tabs: only then cursors move.
    looks: bool = True
    channels: int = 20
    # Messages of the busy channel, and of each other one.
    history: int = 10_000
    quiet_history: int = 200
    # How many tabs come at the same time in the beginning.
    at_once: int = 50
    # How long to wait at the end for what is still under way, while nothing comes.
    patience_seconds: float = 10.0
    seed: int = 1

    @property
    def wanders(self) -> bool:
        """Whether tabs change channels."""
        return self.switch_every > 0 and self.channels > 1


def fanout_plan(*, members: int, rate: float, seconds: float) -> Plan:
    """One channel that everybody looks at in a tab in the background: nothing but messages."""
    return Plan(
        tabs=members, seconds=seconds, rate=rate, switch_every=0, older_every=0, reload_every=0, looks=False,
        edit_share=0, channels=1, history=100, quiet_history=0,
    )  # fmt: skip


def storm_plan(*, members: int, at_once: int, history: int) -> Plan:
    """Everybody comes into one of 20 channels; all have them in their sidebars, and each has messages."""
    return Plan(tabs=members, at_once=at_once, history=history, looks=False)


def cursors_plan(*, members: int, rate: float, seconds: float) -> Plan:
    """One busy channel whose readers look at it, and do nothing else."""
    return replace(fanout_plan(members=members, rate=rate, seconds=seconds), looks=True)

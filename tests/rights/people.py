"""Everybody who may try: the six standings, and how each of them comes."""

from dataclasses import dataclass

from rxapp.actor import Actor
from rxapp.auth.sessions import COOKIE_NAME, open_session
from rxapp.services.backend import Backend
from tests.team import Team

STANDINGS = ("owner", "admin", "member", "bystander", "ex_member", "outsider", "anonymous")


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody who comes with the cookie of a living session, or with none."""

    actor: Actor | None
    cookie: str

    @property
    def headers(self) -> dict[str, str]:
        """What their browser sends along."""
        return {"Cookie": self.cookie} if self.cookie else {}


async def come(backend: Backend, team: Team, standing: str) -> Comer:
    """Sign somebody of the team in."""
    if standing == "anonymous":
        return Comer(None, "")
    actor: Actor = getattr(team, standing)
    opened = await open_session(
        backend.database, user_id=actor.user_id, lifetime_days=1, address="192.0.2.7", agent="a test"
    )
    return Comer(actor, f"{COOKIE_NAME}={opened.token}")

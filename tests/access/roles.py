"""Everybody who may come, by what they are in the team's workspace."""

from dataclasses import dataclass
from enum import StrEnum

from rxapp.actor import Actor
from tests.team import Team


class Role(StrEnum):
    """The columns of the matrix."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    EX_MEMBER = "ex_member"
    OUTSIDER = "outsider"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Row:
    """What each of them is answered: `ok` or the code of the refusal."""

    owner: str
    admin: str
    member: str
    ex_member: str
    outsider: str
    anonymous: str

    def as_dict(self) -> dict[Role, str]:
        """By role."""
        return {role: getattr(self, role) for role in Role}


def actor_of(team: Team, role: Role) -> Actor | None:
    """The person; None for who is not signed in."""
    return None if role is Role.ANONYMOUS else getattr(team, role)


def members(anonymous: str = "dropped") -> Row:
    """Everybody in the workspace, and it is absent for others."""
    return Row("ok", "ok", "ok", "not_found", "not_found", anonymous)


def administrators(anonymous: str = "dropped") -> Row:
    """Owners and admins; members are told so."""
    return Row("ok", "ok", "not_allowed", "not_found", "not_found", anonymous)


def everybody(answer: str = "ok", anonymous: str = "dropped") -> Row:
    """Whoever is signed in."""
    return Row(answer, answer, answer, answer, answer, anonymous)


def installation_owner(anonymous: str = "dropped") -> Row:
    """The one person who owns the installation."""
    return Row("ok", "not_allowed", "not_allowed", "not_allowed", "not_allowed", anonymous)

"""A small team in the database, and what one of them reads through Supabase's API."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.models import Channel, ChannelMember, Member, Message, Reaction, User, Workspace, new_id

Rows = Sequence[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Team:
    """Ada and Bob are members, Bob alone is in the private channel; Eve left; Otto has a workspace of his own."""

    ada: UUID = field(default_factory=new_id)
    bob: UUID = field(default_factory=new_id)
    eve: UUID = field(default_factory=new_id)
    otto: UUID = field(default_factory=new_id)
    workspace: UUID = field(default_factory=new_id)
    elsewhere: UUID = field(default_factory=new_id)
    general: UUID = field(default_factory=new_id)
    secret: UUID = field(default_factory=new_id)
    direct: UUID = field(default_factory=new_id)


async def make_team(database: Database) -> Team:
    """Write the team: one message in each channel, by Eve in general and by Bob in the others."""
    team = Team()
    people = {"ada": team.ada, "bob": team.bob, "eve": team.eve, "otto": team.otto}
    async with database.transaction() as session:
        session.add_all(User(id=id_, handle=name, display_name=name.title()) for name, id_ in people.items())
        session.add_all([Workspace(id=team.workspace, name="Team"), Workspace(id=team.elsewhere, name="Elsewhere")])
        await session.flush()
        session.add_all(
            Member(workspace_id=team.workspace, user_id=id_, role="member") for id_ in (team.ada, team.bob, team.eve)
        )
        session.add(Member(workspace_id=team.elsewhere, user_id=team.otto, role="owner"))
        session.add_all(
            [
                Channel(id=team.general, workspace_id=team.workspace, kind="public", name="general"),
                Channel(id=team.secret, workspace_id=team.workspace, kind="private", name="secret"),
                Channel(id=team.direct, workspace_id=team.workspace, kind="direct", direct_key="bob,eve"),
            ]
        )
        await session.flush()
        seats = [
            (team.general, team.bob), (team.general, team.eve), (team.secret, team.bob), (team.secret, team.eve),
            (team.direct, team.bob), (team.direct, team.eve),
        ]  # fmt: skip
        session.add_all(ChannelMember(channel_id=channel, user_id=user) for channel, user in seats)
        for channel, author in ((team.general, team.eve), (team.secret, team.bob), (team.direct, team.bob)):
            await _write(session, channel, author)
        await session.execute(text("delete from public.members where user_id = :eve"), {"eve": team.eve})
    return team


async def _write(session: AsyncSession, channel: UUID, author: UUID) -> None:
    message = Message(
        id=new_id(), channel_id=channel, author_id=author, seq=1, rev=1, client_key=new_id(), source="hello",
        html="<p>hello</p>", render_version=1,
    )  # fmt: skip
    session.add(message)
    await session.flush()
    session.add(Reaction(message_id=message.id, user_id=author, emoji="wave"))


async def read_as(database: Database, person: UUID | None, query: str) -> Rows:
    """What the API's role gets: `authenticated` with the person's claims, `anon` without."""
    role = "anon" if person is None else "authenticated"
    claims = json.dumps({"role": role} if person is None else {"role": role, "sub": str(person)})
    async with database.transaction() as session:
        await session.execute(text("select set_config('request.jwt.claims', :claims, true)"), {"claims": claims})
        await session.execute(text(f"set local role {role}"))
        return [tuple(row) for row in await session.execute(text(query))]

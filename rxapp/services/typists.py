"""Who is writing just now: said to those who look at the channel, and stored nowhere.

A tab says it again and again while its person writes, and the others show it for a little longer than that takes. So
nothing has to be taken back, and what is lost on the way is right again by itself.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, bindparam, column, func, select

from db.models import Channel, ChannelMember, Member, User, Workspace
from db.reading import Query, columns_of, id_text
from rxapp.actor import Actor
from rxapp.live.allowances import TYPING
from rxapp.live.rounds import keep_doing
from rxapp.services.backend import Backend
from rxapp.services.ids import object_id
from rxapp.services.rows import PersonRow
from rxapp.services.views import user_view

TELL_SECONDS = 0.25

Writing = tuple[UUID, UUID]
"""A person, and the channel they write in."""

_ASKED = (
    func.unnest(bindparam("user_ids", type_=ARRAY(Uuid)), bindparam("channel_ids", type_=ARRAY(Uuid)))
    .table_valued(column("user_id", Uuid), column("channel_id", Uuid))
    .render_derived()
)
# Who is in the channel, and it is not closed: only what one may send is announced.
MAY_WRITE = Query(
    select(id_text(Channel.id), *columns_of(User, PersonRow))
    .select_from(_ASKED)
    .join(
        ChannelMember,
        and_(ChannelMember.channel_id == _ASKED.c.channel_id, ChannelMember.user_id == _ASKED.c.user_id),
    )
    .join(Channel, and_(Channel.id == ChannelMember.channel_id, Channel.archived_at.is_(None)))
    .join(Workspace, and_(Workspace.id == Channel.workspace_id, Workspace.deleted_at.is_(None)))
    .join(Member, and_(Member.workspace_id == Workspace.id, Member.user_id == ChannelMember.user_id))
    .join(User, User.id == Member.user_id),
    lambda found: (found[0], PersonRow._make(found[1:])),
)


async def tell_typing(backend: Backend, writing: Collection[Writing]) -> None:
    """Say of each person that they write there; of who may not, nothing, and nobody is told so."""
    if not writing:
        return
    user_ids, channel_ids = zip(*writing, strict=True)
    async with backend.database.reader() as reader:
        found = await reader.all(MAY_WRITE, user_ids=list(user_ids), channel_ids=list(channel_ids))
    for channel_id, person in found:
        await backend.hub.to_channel(UUID(channel_id), {"k": "typing", "ch": channel_id, "u": user_view(person)})


async def say_typing(backend: Backend, *, actor: Actor, channel_id: object) -> None:
    """The same of one person, at once. NOT_FOUND for what is no id, TOO_MANY_REQUESTS."""
    backend.limits.take_here(TYPING, actor.user_id)
    await tell_typing(backend, [(actor.user_id, object_id(channel_id))])


class Typists:
    """What a worker's tabs said in the last moment, told together: one statement for all of them."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._writing: set[Writing] = set()

    def note(self, *, actor: Actor, channel_id: object) -> None:
        """Remember that a person writes; what is too much is left out. NOT_FOUND for what is no id."""
        key = object_id(channel_id)
        if not self._backend.limits.wait_here(TYPING, actor.user_id):
            self._writing.add((actor.user_id, key))

    async def tell(self) -> None:
        """Say what was noted."""
        writing, self._writing = self._writing, set()
        await tell_typing(self._backend, writing)

    async def keep_telling(self) -> None:
        """Until cancelled. What could not be said is said with the next keys."""
        await keep_doing(self.tell, what="Telling who writes", every_seconds=TELL_SECONDS)

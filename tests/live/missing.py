"""What a tab misses, and how it comes to miss something: shared by the tests of pages, windows and sidebars."""

from sqlalchemy import insert

from db.models import Channel, Message, new_id
from rxapp.live.ops import Op
from rxapp.services.messages import delete_message, edit_message
from tests.live.browser_store import BrowserStores
from tests.live.tab import Tab, opened_tab
from tests.live.world import World

NOTHING: tuple[list[str], list[str]] = ([], [])


async def fill(world: World, count: int) -> list[str]:
    """Messages that are there already, as many as a test of pages needs; gives their ids."""
    ids = [new_id() for _ in range(count)]
    async with world.backend.database.transaction() as session:
        channel = await session.get_one(Channel, world.general, with_for_update=True)
        await session.execute(
            insert(Message),
            [
                {
                    "id": id_,
                    "channel_id": channel.id,
                    "author_id": world.ada.user_id,
                    "seq": channel.last_seq + number,
                    "rev": channel.rev + number,
                    "client_key": new_id(),
                    "source": str(number),
                    "html": f"<p>{number}</p>",
                    "render_version": 1,
                }
                for number, id_ in enumerate(ids, start=1)
            ],
        )
        channel.last_seq += count
        channel.rev += count
        channel.last_post_seq = channel.last_seq
    return [str(id_) for id_ in ids]


async def edit(world: World, message_id: str, source: str) -> None:
    await edit_message(world.backend, actor=world.ada, message_id=message_id, source=source)


async def delete(world: World, message_id: str) -> None:
    await delete_message(world.backend, actor=world.ada, message_id=message_id)


def shown(tab: Tab) -> list[int]:
    return [row["seq"] for row in tab.seen()["feed"]["list"]]


async def bobs_tab(world: World, stores: BrowserStores) -> Tab:
    """Bob's tab on #general."""
    return await opened_tab(world, stores, world.bob, world.general)


def apply(tab: Tab, *ops: Op) -> tuple[list[str], list[str]]:
    """Fold ops; gives the channels and the workspaces of which something is missed."""
    missed = tab.store.apply(ops)
    return missed.channels, missed.workspaces

"""Whether the schema is enough for the code that runs."""

from sqlalchemy import text

from db.engine import Database
from db.ledger import is_current, known_versions


async def test_the_migrations_of_this_code_are_enough_and_newer_ones_do_no_harm(database: Database) -> None:
    known = known_versions()
    assert await is_current(database, known)
    async with database.transaction() as session:
        await session.execute(
            text("insert into supabase_migrations.schema_migrations (version) values ('99990101000000')")
        )
    assert await is_current(database, known)  # an upgrade was prepared, and we still serve
    assert not await is_current(database, known | {"99990102000000"})

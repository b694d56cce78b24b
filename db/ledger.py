"""What the ledger says while the app serves: whether the schema is the one that this code knows."""

from collections.abc import Set as AbstractSet

from sqlalchemy import text

from db.engine import Database
from db.migrate import known_migrations

VERSIONS = text("select version from supabase_migrations.schema_migrations")


async def answers(database: Database) -> bool:
    """Whether the database takes a statement; raises what it says when not."""
    async with database.session() as session:
        return bool(await session.scalar(text("select true")))


def known_versions() -> AbstractSet[str]:
    """The migrations of this code. To be read at the start: the files may be those of the next version later."""
    return {migration.version for migration in known_migrations()}


async def is_current(database: Database, known: AbstractSet[str]) -> bool:
    """Whether the migrations of this code were applied; those of a newer one may be too, which is to come."""
    async with database.session() as session:
        return set(await session.scalars(VERSIONS)) >= known

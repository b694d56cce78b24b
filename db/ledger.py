"""What the ledger says while the app serves: whether the schema is the one that this code knows."""

from sqlalchemy import text

from db.engine import Database
from db.migrate import known_migrations

VERSIONS = text("select version from supabase_migrations.schema_migrations")


async def answers(database: Database) -> bool:
    """Whether the database takes a statement; raises what it says when not."""
    async with database.session() as session:
        return bool(await session.scalar(text("select true")))


async def is_current(database: Database) -> bool:
    """Whether exactly the migrations of this code were applied."""
    known = {migration.version for migration in known_migrations()}
    async with database.session() as session:
        return set(await session.scalars(VERSIONS)) == known

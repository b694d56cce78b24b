"""The models say what the migrations made, and the schema keeps what deletes need."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

import db.models
from db.engine import Database
from db.models import Base, new_id

# A foreign key whose table has no index beginning with its columns makes each delete read that whole table.
FOREIGN_KEYS_WITHOUT_INDEX = """
select k.conrelid::regclass::text || '.' || k.conname
from pg_constraint k
where k.contype = 'f' and k.connamespace in ('public'::regnamespace, 'private'::regnamespace)
  and k.conrelid <> 'private.installation'::regclass  -- it has one row
  and not exists (
    select from pg_index i
    where i.indrelid = k.conrelid and i.indisvalid
      and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] = k.conkey
      and (i.indpred is null
        or pg_get_expr(i.indpred, i.indrelid) = format('(%s IS NOT NULL)',
          (select attname from pg_attribute where attrelid = k.conrelid and attnum = k.conkey[1]))))
"""


async def test_models_and_schema_agree(database: Database) -> None:
    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_every_foreign_key_has_an_index(database: Database) -> None:
    async with database.session() as session:
        assert list(await session.scalars(text(FOREIGN_KEYS_WITHOUT_INDEX))) == []
        await session.execute(text("drop index public.emojis_user_idx"))
        assert list(await session.scalars(text(FOREIGN_KEYS_WITHOUT_INDEX))) == ["emojis.emojis_user_id_fkey"]


async def test_a_table_that_no_model_knows_is_a_difference(database: Database) -> None:
    async with database.engine.connect() as connection:
        await connection.execute(text("create table private.unknown (id int)"))
        assert [difference[0] for difference in await connection.run_sync(differences)] == ["remove_table"]


def test_every_model_file_is_imported_by_the_package() -> None:
    folder = Path(db.models.__file__).parent
    mapped = {mapper.class_.__module__.rpartition(".")[2] for mapper in Base.registry.mappers}
    assert mapped == {path.stem for path in folder.glob("*.py")} - {"__init__", "base"}


def test_ids_are_uuids_of_version_7_that_sort_by_time() -> None:
    ids = [new_id() for _ in range(1000)]
    assert {(made.version, made.variant) for made in ids} == {(7, "specified in RFC 4122")}
    assert len(set(ids)) == len(ids)
    milliseconds = [made.int >> 80 for made in ids]
    assert milliseconds == sorted(milliseconds)


def differences(connection: Connection) -> list[tuple[object, ...]]:
    """What alembic would change, in the schemas that are ours."""

    def ours(name: str | None, kind: str, parents: object) -> bool:
        del parents
        return kind != "schema" or name in {"public", "private"}

    # Otherwise alembic takes public for the schema that needs no name, and the models name it.
    connection.execute(text("set search_path = ''"))
    connection.dialect.default_schema_name = "none"
    context = MigrationContext.configure(
        connection, opts={"include_schemas": True, "include_name": ours, "compare_type": True}
    )
    found: list[tuple[object, ...]] = compare_metadata(context, Base.metadata)
    return found

"""Cutting SQL into statements: what looks like an end and is none."""

import pytest

from db.migrate import known_migrations
from db.statements import split_statements


@pytest.mark.parametrize(
    "statement",
    [
        "select ';'",
        "select 'it''s; fine'",
        r"select E'a\';b'",
        'select 1 as "semi;colon"',
        "do $$ begin perform 1; end $$",
        "do $body$ select '$$;' ; $body$",
        "select 1 -- not here;\n + 1",
        "select 1 /* nor; /* here; */ ; */ + 1",
        "create function f() returns int begin atomic select case when true then 1 end; end",
        "select $1",
    ],
)
def test_a_semicolon_inside_ends_nothing(statement: str) -> None:
    assert split_statements(f"select 0; {statement}; select 2") == ["select 0", statement, "select 2"]


def test_comments_stay_with_what_follows_and_alone_are_no_statement() -> None:
    assert split_statements("-- why\nselect 1;\n-- the end;\n/* really */") == ["-- why\nselect 1"]


def test_every_migration_ends_as_it_was_written() -> None:
    for migration in known_migrations():
        text = migration.path.read_text()
        position = 0
        for statement in migration.statements:
            position = text.index(statement, position) + len(statement)
        assert text[position:].strip() == ";"

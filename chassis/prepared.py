"""Reads whose SQL is written once: SQLAlchemy's care for each costs more than the asking."""

from collections.abc import Sequence
from contextlib import closing
from typing import Any

import sqlalchemy as sa
from psycopg.rows import namedtuple_row
from sqlalchemy.dialects.postgresql import psycopg

DIALECT = psycopg.dialect()  # type: ignore[no-untyped-call]


class Prepared:
    """A select, ready for psycopg; what is *asked* each time, and all it was given, is text.

    Whole numbers are fine as well: nothing that SQLAlchemy would have to turn into something else.
    """

    def __init__(self, statement: sa.Select[Any], *asked: str) -> None:
        compiled = statement.compile(dialect=DIALECT)
        state = compiled.construct_expanded_state(dict.fromkeys(asked, ""))
        self._text = state.statement
        self._given = dict(state.parameters)

    def rows(self, engine: sa.Engine, **values: str | int) -> Sequence[Any]:
        """By name, and as the driver reads them; its errors are psycopg's own."""
        with closing(engine.raw_connection()) as connection:
            cursor = connection.cursor(row_factory=namedtuple_row)
            cursor.execute(self._text, {**self._given, **values})
            return cursor.fetchall()

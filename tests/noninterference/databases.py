"""Databases that are emptied between worlds."""

from typing import Any

import psycopg
from psycopg import sql

from chassis import database

KEPT = ("alembic_version", "data_keys")  # processes remember their keys


class Database:
    """Emptied between worlds, but for what its migrations put there."""

    def __init__(self, url: str) -> None:
        self.engine = database.engine(url)
        self.url = url
        with psycopg.connect(self.url) as connection:
            named = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            self._tables = [name for (name,) in connection.execute(named) if name not in KEPT]
            self._first = {name: self._rows(connection, name) for name in self._tables}

    def empty(self) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute("SET session_replication_role = replica")  # no triggers
            tables = sql.SQL(", ").join(map(sql.Identifier, self._tables))
            connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(tables))
            for name, rows in self._first.items():
                for row in rows:
                    self._put(connection, name, row)

    @staticmethod
    def _rows(connection: "psycopg.Connection[Any]", name: str) -> list[tuple[Any, ...]]:
        everything = sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))
        return connection.execute(everything).fetchall()

    @staticmethod
    def _put(connection: "psycopg.Connection[Any]", name: str, row: tuple[Any, ...]) -> None:
        places = sql.SQL(", ").join([sql.Placeholder()] * len(row))
        put = sql.SQL("INSERT INTO {} OVERRIDING SYSTEM VALUE VALUES ({})")
        connection.execute(put.format(sql.Identifier(name), places), row)

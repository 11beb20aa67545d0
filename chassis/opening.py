"""A transaction begins, and is told what holds for it, in one trip to the server.

The driver would send BEGIN by itself, and wait for the answer, before the first statement.
"""

import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.orm import Session

DRIVER = {"autocommit": True}  # psycopg leaves BEGIN to us; COMMIT and ROLLBACK are its own

_SETTINGS = "transaction settings"


def opened_by_us(bound: sa.Engine) -> sa.Engine:
    """*bound* connects with DRIVER."""
    sa.event.listen(bound, "begin", _begin)
    return bound


def open_with(session: Session, **settings: str) -> None:
    """Begin; the parameters of PostgreSQL named so hold until the transaction ends."""
    session.connection(execution_options={_SETTINGS: settings})


def _begin(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    settings = options.get(_SETTINGS, {})
    connection.exec_driver_sql(
        "; ".join(["BEGIN", *(_set(name, value) for name, value in settings.items())]),
        execution_options={"no_parameters": True},
    ).close()


def _set(name: str, value: str) -> str:
    return f"SET LOCAL {name} = {sql.Literal(value).as_string()}"

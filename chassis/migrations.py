"""Bring a service's database to its newest version (alembic without an env.py per service)."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from chassis.database import driver_url

ONE_AT_A_TIME = 7_301_152_026  # advisory lock: two pods may be started together


def migrate(database_url: str, migrations: Path) -> str:
    """Run what is missing, in one transaction; answer the version reached."""
    scripts = ScriptDirectory(str(migrations), version_locations=[str(migrations)])
    engine = sa.create_engine(driver_url(database_url), poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
        _upgrade(connection, scripts)
    return scripts.get_current_head() or "empty"


def _upgrade(connection: sa.Connection, scripts: ScriptDirectory) -> None:
    def missing(revision: Any, _: object) -> Any:
        return scripts._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), scripts, fn=missing) as environment:
        environment.configure(connection=connection)
        environment.run_migrations()

"""`make migration`: what a service's tables say and its migrations do not yet."""

import re
import subprocess
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from deploy.local import postgres, stack
from deploy.local.ports import OWNERS
from deploy.local.say import Problem, say
from deploy.local.settings import CHECKOUT, Settings
from deploy.local.stack import Stack

MONTH = re.compile(r"event_log_\d{4}_\d{2}")
BESIDE = "beside"  # in a metadata's info: names of columns and indexes that only migrations know

DRAFT = '''"""{title}."""

import sqlalchemy as sa
from alembic import op
{imports}
revision = "{revision}"
down_revision = "{previous}"


def upgrade() -> None:
{body}
'''


def migration(settings: Settings, service: str, title: str) -> None:
    """Draft the next migration; a person reads it before it runs on anyone's data."""
    if service not in OWNERS or not title.strip():
        known = "|".join(OWNERS)
        raise Problem(f'usage: make migration SERVICE={known} NAME="add nationality"')
    running = Stack.of(settings)
    stack.servers_up(running)
    with scratch_database(running) as database:
        body, needed = difference(database, service, tables_of(service))
    if not body:
        say(f"The tables of {service} and its migrations agree: there is nothing to migrate")
        return
    say(f"Drafted {write(service, title.strip(), body, needed)}: read it before you keep it")


def tables_of(owner: str) -> Any:
    module = "gateway.store" if owner == "gateway" else f"services.{owner}.adapters"
    return import_module(f"{module}.tables").metadata


def migrations_of(owner: str) -> Path:
    module = "gateway.store" if owner == "gateway" else f"services.{owner}"
    return Path(str(import_module(module).__file__)).with_name("migrations")


@contextmanager
def scratch_database(running: Stack) -> Iterator[str]:
    import psycopg
    from psycopg import sql

    server = postgres.superuser_url(running.settings, running.secrets)
    name = f"draft_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield server.rpartition("/")[0] + f"/{name}"
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(drop)


def difference(database_url: str, service: str, tables: Any) -> tuple[list[str], list[str]]:
    """What brings a freshly migrated database to *tables*, in lines; and their imports."""
    import sqlalchemy as sa
    from alembic.autogenerate import produce_migrations, render_python_code
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy.dialects.postgresql.base import ischema_names

    from chassis.database import driver_url
    from chassis.migrations import migrate

    ischema_names.setdefault("xid8", sa.BigInteger)  # SQLAlchemy does not know it
    migrate(database_url, migrations_of(service))
    engine = sa.create_engine(driver_url(database_url), poolclass=sa.NullPool)
    with engine.connect() as connection:
        options: dict[str, Any] = {
            "compare_type": True,
            "target_metadata": tables,
            "include_object": partial(is_drafted, beside=tables.info.get(BESIDE, ())),
        }
        context = MigrationContext.configure(connection, opts=options)
        wanted = produce_migrations(context, tables).upgrade_ops
        if wanted is None or wanted.is_empty():
            return [], []
        code = render_python_code(wanted, migration_context=context)
    lines = [line for line in code.splitlines() if line and "# ###" not in line]
    return lines, imports(lines)


def is_drafted(
    _: object, name: str | None, kind: str, *__: object, beside: Collection[str]
) -> bool:
    """Not months of the event log, which the relay makes, nor what migrations alone keep."""
    return name not in beside and not (kind == "table" and MONTH.fullmatch(name or ""))


def imports(lines: list[str]) -> list[str]:
    dialect = "from sqlalchemy.dialects import postgresql\n"
    return [dialect] if any("postgresql." in line for line in lines) else []


def write(service: str, title: str, body: list[str], needed: list[str]) -> Path:
    folder = migrations_of(service)
    previous = max(file.name[:4] for file in folder.glob("[0-9][0-9][0-9][0-9]_*.py"))
    revision = f"{int(previous) + 1:04}"
    name = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
    file = folder / f"{revision}_{name}.py"
    text = DRAFT.format(
        title=title[0].upper() + title[1:],
        imports="".join(needed),
        revision=revision,
        previous=previous,
        body="\n".join(body),
    )
    file.write_text(text)
    subprocess.run([CHECKOUT / ".venv/bin/ruff", "format", "-q", str(file)], check=True)
    return file

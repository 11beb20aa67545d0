"""OperationsService, beside what a service answers itself."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import grpc
import psycopg
import sqlalchemy as sa

from chassis.config import ServiceConfig
from chassis.database import engine
from chassis.errors import Conflict, Forbidden, Invalid
from chassis.identity import caller
from chassis.operations.desk import Desk
from chassis.operations.messages import (
    letter_message,
    replay_message,
    settled_messages,
    shown_message,
    wanted,
)
from chassis.outbox import conninfo
from chassis.paging import Page, bad_cursor
from chassis.publishing import BROKER_ERRORS
from chassis.replay.acts import cancelled, check_queue, known, ordered
from chassis.replay.orders import find, newest
from chassis.service import RpcPart
from liheng.operations.v1 import operations_pb2 as pb
from liheng.operations.v1.operations_pb2_grpc import (
    OperationsServiceServicer,
    add_OperationsServiceServicer_to_server,
)

CONNECTIONS = 2  # beside those of the service
MOST_AT_ONCE = 200
OPERATORS = frozenset({"operations"})
NAME = pb.DESCRIPTOR.services_by_name["OperationsService"].full_name


class OperationsServicer(OperationsServiceServicer):
    def __init__(self, service: str, config: ServiceConfig, bound: sa.Engine) -> None:
        self._desk = Desk(service, config.amqp_url, bound)
        self._config = config
        self._engine = bound

    def ListDeadLetters(
        self, request: pb.ListDeadLettersRequest, context: grpc.ServicerContext
    ) -> pb.ListDeadLettersResponse:
        limit, after = Page.asked(request.limit, "").limit, _place(request.cursor)
        with _allowed():
            page = self._desk.page(request.type, request.reason, after, limit)
        return pb.ListDeadLettersResponse(
            letters=map(letter_message, page.letters),
            next_cursor=str(after + limit) if page.more else "",
            waiting=page.waiting,
        )

    def GetDeadLetter(
        self, request: pb.GetDeadLetterRequest, context: grpc.ServicerContext
    ) -> pb.GetDeadLetterResponse:
        with _allowed():
            return shown_message(self._desk.show(request.event_id))

    def ReplayDeadLetters(
        self, request: pb.ReplayDeadLettersRequest, context: grpc.ServicerContext
    ) -> pb.ReplayDeadLettersResponse:
        with _allowed():
            outcomes = self._desk.replay(_named(request.event_ids))
        return pb.ReplayDeadLettersResponse(settled=settled_messages(outcomes))

    def DiscardDeadLetters(
        self, request: pb.DiscardDeadLettersRequest, context: grpc.ServicerContext
    ) -> pb.DiscardDeadLettersResponse:
        with _allowed():
            outcomes = self._desk.discard(_named(request.event_ids), request.reason)
        return pb.DiscardDeadLettersResponse(settled=settled_messages(outcomes))

    def ListReplays(
        self, request: pb.ListReplaysRequest, context: grpc.ServicerContext
    ) -> pb.ListReplaysResponse:
        limit = Page.asked(request.limit, "").limit
        with _allowed(), self._session() as session:
            if request.cursor and not known(session, request.cursor):
                raise bad_cursor()
            found = newest(session, limit + 1, request.cursor)
        more = found[limit - 1].replay_id if len(found) > limit else ""
        return pb.ListReplaysResponse(replays=map(replay_message, found[:limit]), next_cursor=more)

    def GetReplay(
        self, request: pb.GetReplayRequest, context: grpc.ServicerContext
    ) -> pb.GetReplayResponse:
        with _allowed(), self._session() as session:
            return pb.GetReplayResponse(replay=replay_message(find(session, request.replay_id)))

    def OrderReplay(
        self, request: pb.OrderReplayRequest, context: grpc.ServicerContext
    ) -> pb.OrderReplayResponse:
        with _allowed():
            check_queue(self._config.amqp_url, request.queue)
            replay = ordered(
                self._engine, wanted(request), caller().staff_id, request.replay_id, empty=False
            )
        return pb.OrderReplayResponse(replay=replay_message(replay))

    def CancelReplay(
        self, request: pb.CancelReplayRequest, context: grpc.ServicerContext
    ) -> pb.CancelReplayResponse:
        with _allowed():
            replay = cancelled(self._engine, request.replay_id)
        return pb.CancelReplayResponse(replay=replay_message(replay))

    @contextmanager
    def _session(self) -> Iterator[psycopg.Connection[object]]:
        with psycopg.connect(conninfo(self._config.database_url), autocommit=True) as session:
            yield session


def with_operations(part: RpcPart, config: ServiceConfig) -> RpcPart:
    """*part*, which lets operations see to its dead letters and order replays of its log."""
    bound = engine(config.database_url, connections=CONNECTIONS, ping=True)

    def register(server: grpc.Server) -> None:
        part.register(server)
        servicer = OperationsServicer(part.name, config, bound)
        add_OperationsServiceServicer_to_server(servicer, server)

    def close() -> None:
        part.close()
        bound.dispose()

    return replace(part, register=register, services=(*part.services, NAME), close=close)


@contextmanager
def _allowed() -> Iterator[None]:
    """To operations alone. A broker that is away is a refusal: the service itself is there."""
    if not caller().roles & OPERATORS:
        raise Forbidden(
            "not_an_operator", "only operations see to the bus", "只有运营人员可以处理消息总线"
        )
    try:
        yield
    except BROKER_ERRORS as error:
        raise Conflict(
            "broker_away",
            "the message broker cannot be reached; try again shortly",
            "消息中间件暂时无法访问，请稍后重试",
        ) from error


def _named(event_ids: Sequence[str]) -> list[str]:
    if 0 < len(event_ids) <= MOST_AT_ONCE and all(event_ids):
        return list(event_ids)
    raise Invalid(
        "name_some_letters",
        f"name 1 to {MOST_AT_ONCE} events",
        f"请指定 1 到 {MOST_AT_ONCE} 个事件",
        field="event_ids",
    )


def _place(cursor: str) -> int:
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise bad_cursor()
    return int(cursor or 0)

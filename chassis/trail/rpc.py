"""TrailService, beside what a service answers itself; and refusals into its trail."""

import logging
from dataclasses import replace

import grpc
import sqlalchemy as sa
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError

from chassis.database import engine
from chassis.failures import described
from chassis.identity import caller
from chassis.service import RpcPart
from chassis.trail import queries
from chassis.trail.entry import Entry
from chassis.trail.messages import entries_message, head_message, wanted
from chassis.trail.refusals import Refusals
from chassis.trail.writing import SqlTrail, write
from liheng.trail.v1 import trail_pb2 as pb
from liheng.trail.v1.trail_pb2_grpc import (
    TrailServiceServicer,
    add_TrailServiceServicer_to_server,
)

log = logging.getLogger(__name__)

CONNECTIONS = 2  # beside those of the service: a flood of refusals takes nothing from its work
NAME = pb.DESCRIPTOR.services_by_name["TrailService"].full_name

UNWRITTEN = Counter("trail_refusals_unwritten_total", "Refusals that left no entry", ["service"])


class TrailServicer(TrailServiceServicer):
    """Whoever reads the trail leaves an entry in it, in the same transaction."""

    def __init__(self, bound: sa.Engine) -> None:
        self._engine = bound

    def ListEntries(
        self, request: pb.ListEntriesRequest, context: grpc.ServicerContext
    ) -> pb.ListEntriesResponse:
        queries.check_reader(caller().roles)
        asked = wanted(request)
        with self._engine.begin() as connection:
            rows = queries.page(connection, asked)
            write(connection, [asked.reading])
        return entries_message(rows)

    def GetHead(
        self, request: pb.GetHeadRequest, context: grpc.ServicerContext
    ) -> pb.GetHeadResponse:
        queries.check_reader(caller().roles)
        with self._engine.connect() as connection:
            return head_message(queries.state(connection))


class RefusalTrail:
    """Refusals of one service, each in a transaction of its own, before the answer leaves."""

    def __init__(self, service: str, bound: sa.Engine) -> None:
        self._service = service
        self._trail = SqlTrail(bound)
        self._refusals = Refusals()

    def refused(self, source: str, entry: Entry) -> None:
        """What was refused stays refused, even if it cannot be written down."""
        self._write(self._refusals.to_write(source, entry))

    def close(self) -> None:
        self._write(self._refusals.rest())

    def _write(self, entries: list[Entry]) -> None:
        try:
            if entries:
                self._trail.record(*entries)
        except SQLAlchemyError as error:
            UNWRITTEN.labels(self._service).inc(len(entries))
            log.warning("refusals left no entry: %s", described(error))


def with_trail(part: RpcPart, database_url: str) -> RpcPart:
    """*part*, which writes down whom it refuses and lets auditors read."""
    bound = engine(database_url, connections=CONNECTIONS, ping=True)
    refusals = RefusalTrail(part.name, bound)

    def register(server: grpc.Server) -> None:
        part.register(server)
        add_TrailServiceServicer_to_server(TrailServicer(bound), server)

    def close() -> None:
        part.close()
        refusals.close()
        bound.dispose()

    return replace(
        part,
        register=register,
        services=(*part.services, NAME),
        close=close,
        refused=refusals.refused,
    )

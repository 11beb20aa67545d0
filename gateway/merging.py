"""One trail out of those of all services and the gateway's own, newest or oldest first."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import grpc

from chassis.errors import Refusal
from chassis.moments import moment, stamp
from chassis.paging import bad_cursor, decode, encode
from chassis.status import to_refusal
from gateway.problems import from_refusal
from liheng.trail.v1 import trail_pb2 as pb

LAST = 2**63 - 1  # an entry number that none comes after

Read = Callable[[pb.ListEntriesRequest], Awaitable[pb.ListEntriesResponse]]


@dataclass(frozen=True)
class Place:
    """Where a page ended. Of entries of one moment, those of earlier service names come first
    where the newest do, and last where the oldest come first."""

    at: datetime
    service: str
    entry_id: int

    @classmethod
    def told(cls, cursor: str) -> "Place":
        try:
            at, service, entry_id = decode(cursor)
            found = cls(datetime.fromisoformat(at), service, int(entry_id))
            if found.at.tzinfo is None or not 0 <= found.entry_id <= LAST:
                raise bad_cursor()
        except ValueError:
            raise from_refusal(bad_cursor(), lambda _: "query") from None
        except Refusal as refusal:
            raise from_refusal(refusal, lambda _: "query") from None
        return found

    @property
    def cursor(self) -> str:
        return encode([self.at, self.service, self.entry_id])

    def before(self, service: str) -> int:
        """The entry of this moment that the next page of *service* goes on behind."""
        if service == self.service:
            return self.entry_id
        return 0 if service < self.service else LAST


@dataclass(frozen=True)
class Page:
    entries: Sequence[tuple[str, pb.Entry]]  # with the service each is of
    cursor: str
    away: Sequence[str]  # services that could not be asked: their entries are missing


async def merged(
    trails: Mapping[str, Read], request: pb.ListEntriesRequest, cursor: str, limit: int
) -> Page:
    place = Place.told(cursor) if cursor else None
    asked = [_ask(read, _after(place, request, name), limit) for name, read in trails.items()]
    found = dict(zip(trails, await asyncio.gather(*asked), strict=True))
    lists = [
        [(name, entry) for entry in entries]
        for name, entries in found.items()
        if entries is not None
    ]
    merging = heapq.merge(*lists, key=_order, reverse=request.oldest_first)
    shown = [entry for entry, _ in zip(merging, range(limit), strict=False)]
    more = sum(map(len, lists)) > limit
    return Page(
        entries=shown,
        cursor=_place(*shown[-1]).cursor if more else "",
        away=sorted(name for name, entries in found.items() if entries is None),
    )


def _after(
    place: Place | None, request: pb.ListEntriesRequest, service: str
) -> pb.ListEntriesRequest:
    asked = pb.ListEntriesRequest()
    asked.CopyFrom(request)
    if place is not None:
        asked.MergeFrom(
            pb.ListEntriesRequest(before_at=stamp(place.at), before_entry_id=place.before(service))
        )
    return asked


async def _ask(read: Read, request: pb.ListEntriesRequest, limit: int) -> Sequence[pb.Entry] | None:
    """One more than is shown, to see whether there are others; None when nobody answers."""
    request.limit = min(limit + 1, 200)
    try:
        return (await read(request)).entries
    except grpc.aio.AioRpcError as error:
        refusal = to_refusal(error)  # type: ignore[arg-type]
        if refusal is not None:
            raise from_refusal(refusal, lambda _: "query") from error
        return None


def _order(told: tuple[str, pb.Entry]) -> tuple[float, float, str, int]:
    name, entry = told
    return (-entry.at.seconds, -entry.at.nanos, name, -entry.entry_id)


def _place(name: str, entry: pb.Entry) -> Place:
    return Place(moment(entry.at), name, entry.entry_id)

"""The trail in the words of proto/liheng/trail/v1/trail.proto."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from chassis.moments import moment, stamp
from chassis.paging import Page
from chassis.trail.queries import State, Wanted
from liheng.trail.v1 import trail_pb2 as pb


def wanted(request: pb.ListEntriesRequest) -> Wanted:
    before = None
    if request.HasField("before_at"):
        before = (moment(request.before_at), request.before_entry_id)
    return Wanted(
        actor=request.actor,
        action=request.action,
        subject=request.subject,
        outcome=request.outcome,
        since=moment(getattr(request, "from")) if request.HasField("from") else None,
        until=moment(request.to) if request.HasField("to") else None,
        before=before,
        limit=Page.asked(request.limit, "").limit,
        oldest_first=request.oldest_first,
    )


def entries_message(rows: Iterable[sa.Row[Any]]) -> pb.ListEntriesResponse:
    return pb.ListEntriesResponse(entries=map(_entry, rows))


def _entry(row: sa.Row[Any]) -> pb.Entry:
    told = dict(row._mapping)
    return pb.Entry(**{**told, "at": stamp(told["at"])})


def head_message(state: State) -> pb.GetHeadResponse:
    announced, verified = state.announced, state.verified
    return pb.GetHeadResponse(
        position=state.position,
        digest=state.digest.hex(),
        waiting=state.waiting,
        announced=announced
        and pb.Anchor(
            day=announced.day.isoformat(),
            position=announced.position,
            digest=announced.digest.hex(),
        ),
        verified=verified
        and pb.Verification(
            at=stamp(verified.at), position=verified.position, found=verified.found
        ),
    )

"""Refusals of a service are in its trail, and auditors can read it."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest

from chassis.clock import system_clock
from chassis.errors import Forbidden, Invalid
from chassis.identity import Caller
from chassis.migrations import migrate
from chassis.moments import stamp
from chassis.trail.rpc import with_trail
from liheng.product.v1 import product_pb2
from liheng.product.v1.product_pb2_grpc import ProductServiceStub
from liheng.trail.v1 import trail_pb2 as pb
from liheng.trail.v1.trail_pb2_grpc import TrailServiceStub
from services.product.bootstrap import SERVICE
from services.product.config import Config
from tests.calling import CALLER_KEY, as_caller, refusal, served

AUDITOR = Caller(staff_id="s-auditor", roles=frozenset({"auditor"}))
ADVISER = Caller(staff_id="s-adviser", roles=frozenset({"adviser"}))


@pytest.fixture(scope="module")
def channel(create_database: Callable[[str], str]) -> Iterator[grpc.Channel]:
    """On a database that no relay has announced the head of."""
    url = create_database("product")
    migrate(url, SERVICE.migrations)
    config = Config(
        database_url=url,
        amqp_url="",
        rpc_address="127.0.0.1:0",
        caller_key=CALLER_KEY,
    )
    with served(with_trail(SERVICE.rpc(config, system_clock), config.database_url)) as opened:
        yield opened


def ask_for_nothing(channel: grpc.Channel, who: Caller = ADVISER) -> None:
    ProductServiceStub(channel).GetProduct(
        product_pb2.GetProductRequest(product_id="NO-SUCH"),
        metadata=(*as_caller(who), ("x-request-id", "request-77")),
    )


def read(channel: grpc.Channel, who: Caller = AUDITOR, **asked: object) -> list[pb.Entry]:
    request = pb.ListEntriesRequest(**asked)  # type: ignore[arg-type]
    answer = TrailServiceStub(channel).ListEntries(request, metadata=as_caller(who))
    return list(answer.entries)


def test_a_refusal_says_who_was_refused_what_and_why(channel: grpc.Channel) -> None:
    refusal(lambda: ask_for_nothing(channel))

    newest = read(channel, action="call.refused", actor="s-adviser")[0]
    assert (newest.subject, newest.outcome, newest.request_id) == (
        "NO-SUCH",
        "refused",
        "request-77",
    )
    assert json.loads(newest.details) == {
        "method": "GetProduct",
        "code": "no_such_product",
        "kind": "NotFound",
    }


def test_a_call_without_identity_is_written_down(channel: grpc.Channel) -> None:
    with pytest.raises(grpc.RpcError):
        ProductServiceStub(channel).GetProduct(product_pb2.GetProductRequest(product_id="F-1"))

    newest = read(channel, action="call.refused")[0]
    assert (newest.actor, newest.subject) == ("", "")
    assert json.loads(newest.details)["code"] == "unauthenticated"


def test_what_a_caller_sends_as_an_id_is_kept_only_if_it_is_one(channel: grpc.Channel) -> None:
    def ask_by_phone() -> None:
        ProductServiceStub(channel).GetProduct(
            product_pb2.GetProductRequest(product_id="13812345678"), metadata=as_caller(ADVISER)
        )

    refusal(ask_by_phone)

    assert all("13812345678" not in str(entry) for entry in read(channel, limit=200))


def test_reading_the_trail_is_in_the_trail(channel: grpc.Channel) -> None:
    read(channel, subject="c-77", outcome="done")

    newest = read(channel, action="trail.read", subject="c-77")[0]
    assert newest.actor == "s-auditor"
    assert json.loads(newest.details) == {"outcome": "done"}


@pytest.mark.parametrize("role", ["adviser", "administrator", "management", "system"])
def test_nobody_else_reads_it(channel: grpc.Channel, role: str) -> None:
    who = Caller(staff_id="s-1", roles=frozenset({role}))

    assert isinstance(refusal(lambda: read(channel, who)), Forbidden)


def test_pages_go_on_where_the_last_one_ended(channel: grpc.Channel) -> None:
    for _ in range(5):
        refusal(lambda: ask_for_nothing(channel))

    everything = read(channel, limit=5, actor="s-adviser")
    last = everything[1]
    rest = read(
        channel, limit=3, actor="s-adviser", before_at=last.at, before_entry_id=last.entry_id
    )

    assert [each.entry_id for each in rest] == [each.entry_id for each in everything[2:]]


def test_the_oldest_come_first_and_pages_go_on_there_too(channel: grpc.Channel) -> None:
    for _ in range(5):
        refusal(lambda: ask_for_nothing(channel))

    first = read(channel, limit=2, actor="s-adviser", oldest_first=True)
    here: dict[str, Any] = {"before_at": first[1].at, "before_entry_id": first[1].entry_id}
    behind = read(channel, limit=200, actor="s-adviser", oldest_first=True, **here)
    newest_first = read(channel, limit=200, actor="s-adviser")

    told = [each.entry_id for each in (*first, *behind)]
    assert told == [each.entry_id for each in reversed(newest_first)]


def test_moments_bound_what_is_shown(channel: grpc.Channel) -> None:
    tomorrow = stamp(datetime.now(UTC) + timedelta(days=1))

    asked: dict[str, Any] = {"from": tomorrow}
    assert read(channel, **asked) == []
    assert read(channel, to=tomorrow)


def test_an_outcome_that_there_is_not_is_refused(channel: grpc.Channel) -> None:
    assert isinstance(refusal(lambda: read(channel, outcome="maybe")), Invalid)


def test_the_head_tells_what_is_known_of_the_chain(channel: grpc.Channel) -> None:
    stub = TrailServiceStub(channel)

    head = stub.GetHead(pb.GetHeadRequest(), metadata=as_caller(AUDITOR))

    assert head.waiting > 0
    assert (head.position, head.digest) == (0, "")
    assert not head.HasField("announced")
    assert not head.HasField("verified")

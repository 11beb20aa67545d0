"""What operations ask of a service about its dead letters and the replays of its log."""

from collections.abc import Iterator
from typing import Any

import grpc
import pytest

from chassis import topology
from chassis.config import ServiceConfig
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identity import Caller
from chassis.operations.rpc import with_operations
from chassis.publishing import Letter, Publisher
from chassis.redirection import ATTEMPT, REASON
from chassis.service import RpcPart
from chassis.trail.queries import entries
from chassis.trail.rpc import with_trail
from liheng.customer.v1.events_pb2 import KycApproved
from liheng.operations.v1 import operations_pb2 as pb
from liheng.operations.v1.operations_pb2_grpc import OperationsServiceStub
from tests.calling import CALLER_KEY, as_caller, refusal, served
from tests.chassis.stage import Stage, eventually

OPERATOR = Caller(staff_id="s-operator", roles=frozenset({"operations"}))
DEAD, INBOX = topology.dead_letters_of("ledger"), topology.inbox_of("ledger")
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class Operators:
    """Calls in the name of one caller."""

    def __init__(self, stage: Stage, amqp_url: str = "") -> None:
        self.config = ServiceConfig(
            database_url=stage.database_url,
            amqp_url=amqp_url or stage.amqp_url,
            rpc_address="127.0.0.1:0",
            caller_key=CALLER_KEY,
        )
        bare = RpcPart(
            name="ledger",
            address="127.0.0.1:0",
            register=lambda _: None,
            services=(),
            ready=lambda: True,
            close=lambda: None,
        )
        self.part = with_trail(with_operations(bare, self.config), stage.database_url)
        self.channel: grpc.Channel | None = None

    def ask(self, method: str, request: object, who: Caller = OPERATOR) -> Any:
        assert self.channel is not None
        return getattr(OperationsServiceStub(self.channel), method)(
            request, metadata=as_caller(who)
        )


@pytest.fixture
def operators(stage: Stage) -> Iterator[Operators]:
    made = Operators(stage)
    with served(made.part) as made.channel:
        yield made


@pytest.fixture
def three(stage: Stage) -> Stage:
    publisher = Publisher(stage.amqp_url)
    for number, reason in enumerate(("exhausted", "refused", "exhausted"), 1):
        headers = {
            "cloudEvents:id": f"e-{number}",
            "cloudEvents:type": "liheng.customer.v1.KycApproved",
            "traceparent": TRACE,
            REASON: reason,
        }
        properties = {"message_id": f"e-{number}", "application_headers": headers}
        publisher.deliver(Letter("", DEAD, b'{"customerId": "c"}', properties))
    publisher.close()
    return stage


def written(stage: Stage) -> list[tuple[str, str, str]]:
    with stage.engine.connect() as connection:
        rows = connection.execute(entries.select().order_by(entries.c.entry_id)).all()
    told = [(row.actor, row.action, row.subject) for row in rows]
    return [one for one in told if one[1] != "call.refused"]


def test_letters_come_in_pages(three: Stage, operators: Operators) -> None:
    first = operators.ask("ListDeadLetters", pb.ListDeadLettersRequest(limit=2))
    rest = operators.ask("ListDeadLetters", pb.ListDeadLettersRequest(cursor=first.next_cursor))

    assert [one.event_id for one in first.letters] == ["e-1", "e-2"]
    assert ([one.event_id for one in rest.letters], rest.next_cursor) == (["e-3"], "")
    assert (first.waiting, three.queued(DEAD)) == (3, 3)


def test_letters_are_filtered(three: Stage, operators: Operators) -> None:
    found = operators.ask("ListDeadLetters", pb.ListDeadLettersRequest(reason="exhausted"))
    none = operators.ask("ListDeadLetters", pb.ListDeadLettersRequest(type="liheng.x.v1.Y"))

    assert [one.event_id for one in found.letters] == ["e-1", "e-3"]
    assert (list(none.letters), none.waiting) == ([], 3)


def test_one_is_shown_whole_and_the_look_is_written_down(
    three: Stage, operators: Operators
) -> None:
    shown = operators.ask("GetDeadLetter", pb.GetDeadLetterRequest(event_id="e-2"))

    assert (shown.letter.reason, shown.letter.traceparent) == ("refused", TRACE)
    assert shown.body == '{"customerId": "c"}'
    assert shown.headers["cloudEvents:id"] == "e-2"
    assert written(three) == [("s-operator", "dead_letter.read", "e-2")]
    assert three.queued(DEAD) == 3


def test_each_that_was_named_is_answered_for(three: Stage, operators: Operators) -> None:
    again = operators.ask(
        "ReplayDeadLetters", pb.ReplayDeadLettersRequest(event_ids=["e-3", "e-9", "e-1"])
    )
    gone = operators.ask(
        "DiscardDeadLetters",
        pb.DiscardDeadLettersRequest(event_ids=["e-2", "e-1"], reason="ticket:4711"),
    )

    assert [(one.event_id, one.outcome) for one in again.settled] == [
        ("e-3", "replayed"),
        ("e-9", "not_there"),
        ("e-1", "replayed"),
    ]
    assert [one.outcome for one in gone.settled] == ["discarded", "not_there"]
    assert (three.queued(DEAD), three.queued(INBOX)) == (0, 2)
    assert [action for _, action, _ in written(three)] == [
        "dead_letter.replayed",
        "dead_letter.replayed",
        "dead_letter.discarded",
    ]


@pytest.mark.parametrize("role", ["administrator", "auditor", "compliance", "adviser"])
def test_nobody_else_sees_to_the_bus(role: str, three: Stage, operators: Operators) -> None:
    who = Caller(staff_id="s-other", roles=frozenset({role}))
    asked = {
        "ListDeadLetters": pb.ListDeadLettersRequest(),
        "GetDeadLetter": pb.GetDeadLetterRequest(event_id="e-1"),
        "ReplayDeadLetters": pb.ReplayDeadLettersRequest(event_ids=["e-1"]),
        "DiscardDeadLetters": pb.DiscardDeadLettersRequest(event_ids=["e-1"], reason="none"),
        "ListReplays": pb.ListReplaysRequest(),
        "GetReplay": pb.GetReplayRequest(replay_id="r"),
        "OrderReplay": pb.OrderReplayRequest(queue=INBOX),
        "CancelReplay": pb.CancelReplayRequest(replay_id="r"),
    }

    for method, request in asked.items():
        refused = refusal(lambda m=method, r=request: operators.ask(m, r, who))  # type: ignore[misc]
        assert isinstance(refused, Forbidden)

    assert three.queued(DEAD) == 3


def test_bad_requests_are_told_what_to_mend(three: Stage, operators: Operators) -> None:
    def refused(method: str, request: object) -> tuple[type, str]:
        found = refusal(lambda: operators.ask(method, request))
        return type(found), found.code

    assert refused("GetDeadLetter", pb.GetDeadLetterRequest(event_id="e-9")) == (
        NotFound,
        "no_such_dead_letter",
    )
    assert refused("ReplayDeadLetters", pb.ReplayDeadLettersRequest())[1] == "name_some_letters"
    sentence = pb.DiscardDeadLettersRequest(event_ids=["e-1"], reason="不要了")
    assert refused("DiscardDeadLetters", sentence) == (Invalid, "reason_not_a_code")
    nowhere = pb.OrderReplayRequest(queue="nowhere")
    assert refused("OrderReplay", nowhere) == (Invalid, "no_such_queue")
    empty = pb.OrderReplayRequest(queue=INBOX)
    assert refused("OrderReplay", empty) == (Invalid, "nothing_in_range")
    assert refused("GetReplay", pb.GetReplayRequest(replay_id="r-9")) == (
        NotFound,
        "no_such_replay",
    )
    assert three.queued(DEAD) == 3


def test_a_replay_is_ordered_once_followed_and_cancelled(
    stage: Stage, operators: Operators
) -> None:
    with stage.relaying():
        stage.announce(KycApproved(customer_id="c-1"), KycApproved(customer_id="c-2"))
        eventually(lambda: stage.unpublished() == 0)
    wanted = pb.OrderReplayRequest(replay_id="r-1", queue=INBOX, rate=1)

    first = operators.ask("OrderReplay", wanted)
    same = operators.ask("OrderReplay", wanted)
    other = refusal(
        lambda: operators.ask("OrderReplay", pb.OrderReplayRequest(replay_id="r-1", queue=DEAD))
    )
    newer = operators.ask("OrderReplay", pb.OrderReplayRequest(queue=INBOX, first=2))
    page = operators.ask("ListReplays", pb.ListReplaysRequest(limit=1))
    rest = operators.ask("ListReplays", pb.ListReplaysRequest(cursor=page.next_cursor))
    gone = operators.ask("CancelReplay", pb.CancelReplayRequest(replay_id="r-1"))
    twice = refusal(lambda: operators.ask("CancelReplay", pb.CancelReplayRequest(replay_id="r-1")))

    assert first == same
    assert (first.replay.state, first.replay.first, first.replay.last) == ("running", 1, 2)
    assert first.replay.requested_by == "s-operator"
    assert isinstance(other, Conflict)
    assert [one.replay_id for one in page.replays] == [newer.replay.replay_id]
    assert [one.replay_id for one in rest.replays] == ["r-1"]
    assert gone.replay.state == "cancelled"
    assert isinstance(twice, Conflict)
    assert written(stage) == [
        ("s-operator", "replay.ordered", "r-1"),
        ("s-operator", "replay.ordered", newer.replay.replay_id),
        ("s-operator", "replay.cancelled", "r-1"),
    ]


def test_without_a_broker_the_log_can_still_be_looked_at(stage: Stage) -> None:
    away = Operators(stage, "amqp://guest:guest@127.0.0.1:9/x")
    with served(away.part) as away.channel:
        refused = refusal(lambda: away.ask("ListDeadLetters", pb.ListDeadLettersRequest()))
        listed = away.ask("ListReplays", pb.ListReplaysRequest())

    assert (type(refused), refused.code) == (Conflict, "broker_away")
    assert list(listed.replays) == []


def test_whatever_a_letter_holds_the_others_are_listed(three: Stage, operators: Operators) -> None:
    publisher = Publisher(three.amqp_url)
    headers = {"cloudEvents:id": "e-\u0000王", ATTEMPT: 2**40, "nested": {"a": [1, None]}}
    properties = {"message_id": "e-4", "application_headers": headers}
    publisher.deliver(Letter("", DEAD, b"\xff\x00\xfe", properties))
    publisher.deliver(Letter("", DEAD, b"", {"message_id": "e-5"}))
    publisher.close()

    listed = operators.ask("ListDeadLetters", pb.ListDeadLettersRequest())
    odd = operators.ask("GetDeadLetter", pb.GetDeadLetterRequest(event_id="e-\u0000王"))
    bare = operators.ask("GetDeadLetter", pb.GetDeadLetterRequest(event_id="e-5"))

    assert len(listed.letters) == 5
    assert odd.body == "\ufffd\x00\ufffd"
    assert (bare.letter.reason, bare.body) == ("unknown", "")

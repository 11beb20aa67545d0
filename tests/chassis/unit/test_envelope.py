from datetime import UTC, datetime

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from chassis import envelope, log
from chassis.envelope import Incoming, Meta, Outgoing, Unreadable
from chassis.moments import stamp
from liheng.customer.v1.events_pb2 import HoldingsChanged, HoldingState, KycApproved

NOON = datetime(2026, 11, 23, 4, 0, 0, 123456, tzinfo=UTC)


def approved() -> KycApproved:
    return KycApproved(customer_id="c-1", reviewer_id="s-李", at=stamp(NOON))


def arrived(body: bytes) -> Incoming:
    return Incoming("any", Meta("e-1", "c-1", 1, NOON, "customer"), body)


def test_an_event_says_what_it_is_about_and_when() -> None:
    outgoing = Outgoing.of(approved(), source="customer")

    assert outgoing.type == "liheng.customer.v1.KycApproved"
    assert (outgoing.subject, outgoing.time) == ("c-1", NOON)
    assert outgoing.body == (
        '{"customerId": "c-1", "reviewerId": "s-李", "at": "2026-11-23T04:00:00.123456Z"}'
    )


def test_what_was_sent_is_what_is_read() -> None:
    outgoing = Outgoing.of(approved(), source="customer")
    sent = envelope.properties(outgoing, sequence=42)

    incoming = envelope.read(sent["application_headers"], outgoing.body.encode())

    assert incoming.type == outgoing.type
    assert incoming.meta.event_id == outgoing.event_id
    assert (incoming.meta.sequence, incoming.meta.time) == (42, NOON)
    assert envelope.parse(KycApproved, incoming) == approved()


def test_sequences_sort_as_text() -> None:
    outgoing = Outgoing.of(approved(), source="customer")
    sent = [envelope.properties(outgoing, number)["application_headers"] for number in (9, 10)]

    texts = [headers["cloudEvents:sequence"] for headers in sent]

    assert texts == sorted(texts)


def test_the_trace_travels_along() -> None:
    token = log.trace.set("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")

    outgoing = Outgoing.of(approved(), source="customer")
    log.trace.reset(token)

    headers = envelope.properties(outgoing, 1)["application_headers"]
    assert envelope.read(headers, b"").meta.traceparent.startswith("00-0af7651916cd43dd")


def test_an_event_must_be_about_something() -> None:
    with pytest.raises(ValueError, match="customer_id does not name what it is about"):
        Outgoing.of(KycApproved(), source="customer")


def test_an_event_without_a_moment_of_its_own_happens_now() -> None:
    before = datetime.now(UTC)

    outgoing = Outgoing.of(KycApproved(customer_id="c-1"), source="customer")

    assert before <= outgoing.time <= datetime.now(UTC)


@pytest.mark.parametrize("missing", ["id", "type", "subject", "sequence", "time", "source"])
def test_attributes_are_not_optional(missing: str) -> None:
    headers = envelope.properties(Outgoing.of(approved(), source="customer"), 1)
    kept = headers["application_headers"]
    del kept[f"cloudEvents:{missing}"]

    with pytest.raises(Unreadable, match=missing):
        envelope.read(kept, b"{}")


@pytest.mark.parametrize("sequence", ["ten", None, ""])
def test_a_malformed_attribute_is_unreadable(sequence: object) -> None:
    headers = envelope.properties(Outgoing.of(approved(), source="customer"), 1)
    kept = headers["application_headers"] | {"cloudEvents:sequence": sequence}

    with pytest.raises(Unreadable):
        envelope.read(kept, b"{}")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"at": 7}', b"[" * 100_000])
def test_a_body_of_another_shape_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable, match=r"liheng\.customer\.v1\.KycApproved"):
        envelope.parse(KycApproved, arrived(body))


def test_a_body_about_something_else_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="different subjects"):
        envelope.parse(KycApproved, arrived(b'{"customerId": "c-2"}'))


def test_fields_of_a_newer_contract_are_passed_over() -> None:
    body = b'{"customerId": "c-1", "holdings": [{"productId": "P1", "isin": "x"}], "new": 1}'

    event = envelope.parse(HoldingsChanged, arrived(body))

    assert event == HoldingsChanged(customer_id="c-1", holdings=[HoldingState(product_id="P1")])


def test_an_unset_moment_is_not_the_epoch() -> None:
    assert envelope.time_of(KycApproved(at=Timestamp(seconds=0))).year == 1970
    assert envelope.time_of(KycApproved()).year > 2000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sequence", "9" * 30),
        ("sequence", "-1"),
        ("time", "2026-11-23T02:00:00"),
        ("id", "e\0"),
        ("subject", "\ud800"),
    ],
)
def test_attributes_that_could_not_be_stored_are_unreadable(name: str, value: str) -> None:
    told = {
        "id": "e-1",
        "type": "liheng.x.v1.Y",
        "source": "x",
        "subject": "s-1",
        "sequence": "7",
        "time": "2026-11-23T02:00:00+00:00",
    }
    headers = {
        envelope.PREFIX + attribute: text for attribute, text in (told | {name: value}).items()
    }

    with pytest.raises(Unreadable):
        envelope.read(headers, b"{}")

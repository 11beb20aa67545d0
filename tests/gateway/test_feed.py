"""The parts of the live feed, without broker or database."""

import asyncio
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from chassis.identity import Caller
from chassis.scope import Custody, Reach, Scope
from gateway.feed.custodians import CUSTOMERS, LEADS, Custodian, Custodians
from gateway.feed.hints import PERMISSIONS, SAID, Hint
from gateway.feed.history import History, Kept
from gateway.feed.listener import LONGEST, RESET, Listener, Wish
from gateway.feed.places import Places
from gateway.permissions import load

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
ALL = Wish(frozenset(PERMISSIONS))
EVERYTHING = Scope(reach=Reach.INSTITUTION)


def kept(offset: int, *, custodian: Custodian | None = None, kind: str = "sale") -> Kept:
    hint = Hint(kind, f"x-{offset}", "paid", NOON, "c-1" if custodian else "")
    return Kept(offset, f"e-{offset}", hint, custodian, b"data: %d\n\n" % offset)


def listener(scope: Scope = EVERYTHING, wish: Wish = ALL) -> Listener:
    return Listener(Caller("s-1"), wish, scope)


async def read(one: Listener) -> bytes:
    return b"".join([piece async for piece in one.frames()])


def test_every_hint_is_of_a_kind_with_a_permission_that_exists() -> None:
    known = load().known

    assert {said.thing for said in SAID} == set(PERMISSIONS)
    assert set(PERMISSIONS.values()) <= known
    assert all(said.state or "state" in said.message.DESCRIPTOR.fields_by_name for said in SAID)


def test_a_history_is_complete_from_where_it_begins() -> None:
    history = History(kept=3)
    history.pass_over(7)
    for offset in range(8, 13):
        history.pass_over(offset)
        history.add(kept(offset))

    assert [one.offset for one in history.after(10)] == [11, 12]
    assert [history.reaches_back_to(offset) for offset in (8, 9, 12, 13)] == [
        False,
        True,
        True,
        False,
    ]


def test_the_same_event_is_kept_once() -> None:
    history = History()

    assert [history.add(kept(1)), history.add(kept(1))] == [True, False]


def test_whoever_does_not_read_is_told_to_begin_anew() -> None:
    async def slow() -> bytes:
        one = listener()
        offered = [one.offer(b"data: 1\n\n") for _ in range(LONGEST + 1)]
        assert offered[-2:] == [False, False]
        return await read(one)

    assert asyncio.run(slow()) == RESET


def test_an_ended_stream_still_tells_what_waits() -> None:
    async def ending() -> bytes:
        one = listener()
        one.offer(b"data: 1\n\n")
        one.end()
        return await read(one)

    assert asyncio.run(ending()).endswith(b"data: 1\n\n")


def test_what_nobody_told_us_of_is_seen_by_all_seers_only() -> None:
    async def seen() -> list[bool]:
        unknown, own = Custodian("c-1"), Scope(reach=Reach.OWN, staff_id="s-1")
        mine = Custodian("c-1", Custody("s-1", "t-1", "b-1"))
        return [
            listener().sees(kept(1, custodian=unknown)),
            listener().sees(kept(1)),
            listener(own).sees(kept(1, custodian=unknown)),
            listener(own).sees(kept(1)),
            listener(own).sees(kept(1, custodian=mine)),
        ]

    assert asyncio.run(seen()) == [True, True, False, False, True]


def test_the_customer_service_has_the_last_word_on_who_looks_after_whom() -> None:
    custodians = Custodians()
    custodians.hear("c-1", Custody("s-lead"), (LEADS, 900))
    custodians.hear("c-1", Custody("s-new"), (CUSTOMERS, 7))
    custodians.hear("c-1", Custody("s-old"), (CUSTOMERS, 6))
    custodians.hear("c-1", Custody("s-lead"), (LEADS, 901))

    assert custodians.of("c-1").custody == Custody("s-new")


@given(st.integers(0, 2**63 - 1))
def test_a_place_is_read_by_every_process_with_the_same_key(offset: int) -> None:
    place = Places([bytes(32)]).sealed(offset)

    assert Places([bytes(32)]).opened(place) == offset
    assert Places([bytes(31) + b"1"]).opened(place) is None
    assert Places([bytes(31) + b"1", bytes(32)]).opened(place) == offset
    assert place != Places([bytes(32)]).sealed(offset)


@given(st.text(max_size=100))
def test_what_was_not_given_out_is_no_place(text: str) -> None:
    assert Places([bytes(32)]).opened(text) is None

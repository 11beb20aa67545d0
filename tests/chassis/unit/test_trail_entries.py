from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from chassis.trail import Entry, code
from chassis.trail.entry import Unfit, written

PERSONAL = [
    "张伟",
    "Zhang Wei",
    "13812345678",
    "+8613812345678",
    "11010519491231002X",
    "110105491231002",
    "wei@example.com",
    "上海市浦东新区世纪大道1号",
    "phone/13812345678",
    "bad\nline",
]


@pytest.mark.parametrize("text", PERSONAL)
@pytest.mark.parametrize("place", ["subject", "purpose", "value", "list", "nested"])
def test_what_may_be_personal_is_no_part_of_an_entry(text: str, place: str) -> None:
    places: dict[str, dict[str, object]] = {
        "subject": {"subject": text},
        "purpose": {"purpose": text},
        "value": {"details": {"it": text}},
        "list": {"details": {"it": ["c-1", text]}},
        "nested": {"details": {"it": {"before": text}}},
    }

    with pytest.raises(Unfit) as unfit:
        Entry(action="customer.changed", **places[place])  # type: ignore[arg-type]

    assert text not in str(unfit.value)


def test_ids_codes_numbers_and_moments_may_be_said() -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)

    entry = Entry(
        action="sale.signed",
        subject="0193573a-7c00-7000-8000-13812345678a",
        purpose="client_request",
        details={
            "amount": Decimal("100000000.10"),
            "at": at,
            "on": date(2026, 3, 1),
            "fields": ["phone", "address"],
            "state": {"before": "drafted", "after": None},
            "repeated": True,
            "address": "10.1.2.3",
        },
    )

    assert written(entry.details) == {
        "amount": "100000000.10",
        "at": "2026-03-01T12:00:00+00:00",
        "on": "2026-03-01",
        "fields": ["phone", "address"],
        "state": {"before": "drafted", "after": None},
        "repeated": True,
        "address": "10.1.2.3",
    }


@pytest.mark.parametrize("action", ["", "signed", "Sale.Signed", "sale.", "sale signed"])
def test_an_action_names_a_thing_and_what_happened_to_it(action: str) -> None:
    with pytest.raises(Unfit):
        Entry(action=action)


@pytest.mark.parametrize(
    "details",
    [{"A": 1}, {"a": {"b": {"c": {"d": 1}}}}, {"a": ["x"] * 201}, {"a": 1.5}, {"a": object()}],
)
def test_details_are_small_and_plain(details: object) -> None:
    with pytest.raises(Unfit):
        Entry(action="thing.seen", details=details)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", PERSONAL)
def test_of_what_a_caller_sent_only_codes_are_kept(text: str) -> None:
    assert code(text) == ""
    assert code("c-1") == "c-1"

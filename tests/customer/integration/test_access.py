"""Unmasking, grants and handovers, as the gateway asks for them."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.errors import Forbidden, Invalid, NotFound, Refusal, RuleBroken
from chassis.identity import Caller
from chassis.moments import stamp
from liheng.customer.v1 import customer_pb2 as pb
from tests.calling import refusal, staff
from tests.customer.integration.calling import NOW, Client, named, wang
from tests.customer.unit.books import identity
from tests.customer.unit.people import WANG
from tests.patience import until

COLLEAGUE = staff("s-colleague", "adviser", team_id=WANG.team_id, branch_id=WANG.branch_id)
OTHER = staff("s-other", "adviser", team_id="t-beijing", branch_id="b-beijing")
LATER = stamp(NOW + timedelta(days=30))


@pytest.fixture
def office(filled: Client) -> Client:
    """With a colleague of the adviser, and an adviser elsewhere."""
    for who in (COLLEAGUE, OTHER):
        member = wang(who.staff_id)
        member.team_id, member.branch_id = who.team_id, who.branch_id
        filled.call("PutStaff", "administrator", staff=member)
    return filled


def grant(office: Client, by: str | Caller = "team_leader", **asked: Any) -> pb.AccessGrant:
    fields = {
        "staff_id": "s-colleague",
        "adviser_id": "s-adviser",
        "purpose": "leave_cover",
        "valid_until": LATER,
        **asked,
    }
    granted: pb.AccessGrant = office.call("GrantAccess", by, **fields).grant
    return granted


def numbers(office: Client, by: str | Caller) -> list[str]:
    return [each.customer_no for each in office.call("ListCustomers", by).customers]


def eventually(office: Client, by: str | Caller, expected: list[str]) -> None:
    """Shares are read at most once a second."""
    until("the change of sight", lambda: numbers(office, by) == expected)


def entries(database: sa.Engine, action: str) -> list[sa.Row[Any]]:
    asked = sa.text("SELECT * FROM trail_entries WHERE action = :action ORDER BY entry_id")
    with database.connect() as connection:
        return list(connection.execute(asked, {"action": action}))


def test_only_what_was_asked_for_is_shown_in_clear(filled: Client) -> None:
    customer_id = filled.customer("K1").customer_id

    shown = filled.call(
        "UnmaskCustomer", customer_id=customer_id, fields=["identity_number"], purpose="contact"
    )

    assert shown == pb.UnmaskCustomerResponse(identity_number=identity(1))


def test_unmasking_and_searching_leave_entries_without_what_was_seen(
    filled: Client, rpc_database: sa.Engine
) -> None:
    customer_id = filled.customer("K1").customer_id
    searched = len(entries(rpc_database, "customer.searched"))
    filled.call(
        "UnmaskCustomer",
        "service_desk",
        customer_id=customer_id,
        fields=["phone", "name"],
        purpose="callback",
        note="林爱达 17486206205",
    )
    filled.call("ListCustomers", q="17486206205")
    filled.call("ListCustomers", q=identity(1))
    filled.call("ListCustomers", q="K1")
    filled.call("ListCustomers", "management", q="17486206205")

    entry = entries(rpc_database, "customer.unmasked")[-1]
    assert (entry.actor, entry.subject, entry.purpose) == (
        "s-service_desk",
        customer_id,
        "callback",
    )
    assert entry.details == {"fields": ["name", "phone"]}
    told = [entry.details["by"] for entry in entries(rpc_database, "customer.searched")]
    assert told[searched:] == [["phone"], ["identity_number"]]
    with rpc_database.connect() as connection:
        trail = str(connection.execute(sa.text("SELECT * FROM trail_entries")).all())
    assert not any(secret in trail for secret in ("林爱达", "17486206205", identity(1)))


@pytest.mark.parametrize(
    ("changed", "by", "kind", "field"),
    [
        ({"fields": []}, "adviser", Invalid, "fields"),
        ({"fields": ["born_on"]}, "adviser", Invalid, "fields"),
        ({"purpose": "curiosity"}, "adviser", Invalid, "purpose"),
        ({"purpose": "regulator"}, "adviser", Forbidden, ""),
        ({"customer_id": "c-404"}, "adviser", NotFound, ""),
        ({}, COLLEAGUE, NotFound, ""),
    ],
    ids=named,
)
def test_what_is_not_unmasked(
    filled: Client, changed: dict[str, Any], by: str | Caller, kind: type[Refusal], field: str
) -> None:
    customer_id = filled.customer("K1").customer_id
    asked = {"customer_id": customer_id, "fields": ["phone"], "purpose": "contact", **changed}

    refused = refusal(partial(filled.call, "UnmaskCustomer", by, **asked))

    assert (type(refused), refused.field) == (kind, field)


def test_a_grant_opens_the_clients_and_its_end_closes_them(office: Client) -> None:
    granted = grant(office)
    eventually(office, COLLEAGUE, ["K1", "K2"])

    ended = office.call("EndAccess", "team_leader", grant_id=granted.grant_id).grant
    eventually(office, COLLEAGUE, [])

    assert (granted.active, granted.granted_by, ended.active) == (True, "s-team_leader", False)
    assert (ended.ended_by, ended.ended_at) == ("s-team_leader", stamp(NOW))


def test_who_gave_access_and_who_moved_clients_is_in_the_trail(
    office: Client, rpc_database: sa.Engine
) -> None:
    granted = grant(office)
    started = hand_over(office)

    for action, subject in (
        ("access_grants.added", granted.grant_id),
        ("handovers.added", started.handover_id),
    ):
        entry = entries(rpc_database, action)[-1]
        assert (entry.actor, entry.subject) == ("s-team_leader", subject)


def test_a_grant_of_one_client_opens_no_other(office: Client) -> None:
    customer_id = office.customer("K2").customer_id

    grant(office, adviser_id="", customer_id=customer_id)

    eventually(office, COLLEAGUE, ["K2"])
    assert office.call("GetCustomer", COLLEAGUE, customer_id=customer_id).customer.name == "孙博"


def test_a_grant_that_begins_later_opens_nothing_yet(office: Client) -> None:
    grant(office, valid_from=stamp(NOW + timedelta(days=1)))
    grant(office, staff_id="s-other", by="compliance")

    eventually(office, OTHER, ["K1", "K2"])
    assert numbers(office, COLLEAGUE) == []


def test_grants_are_listed_to_whom_they_concern(office: Client) -> None:
    first = grant(office, staff_id="s-other", by="operations").grant_id
    second = grant(office).grant_id
    office.call("EndAccess", "compliance", grant_id=second)

    def listed(by: str | Caller, **wanted: Any) -> set[str]:
        grants = office.call("ListAccessGrants", by, **wanted).grants
        return {each.grant_id for each in grants}

    assert listed("auditor") == listed("adviser") == listed("team_leader") == {first, second}
    assert listed(OTHER) == listed("auditor", active=True) == {first}
    assert listed(COLLEAGUE) == listed("auditor", staff_id="s-colleague") == {second}
    assert listed(staff("s-b", "team_leader", team_id="t-x")) == listed("administrator") == set()
    assert listed("auditor", adviser_id="s-404") == listed("auditor", customer_id="c-1") == set()


def test_grants_come_in_pages(office: Client) -> None:
    given = {grant(office).grant_id for _ in range(3)}

    first = office.call("ListAccessGrants", "auditor", limit=2)
    rest = office.call("ListAccessGrants", "auditor", cursor=first.next_cursor)

    assert {each.grant_id for page in (first, rest) for each in page.grants} == given
    assert (len(first.grants), rest.next_cursor) == (2, "")


@pytest.mark.parametrize(
    ("changed", "kind", "field"),
    [
        ({"purpose": "curiosity"}, Invalid, "purpose"),
        ({"customer_id": "c-1"}, Invalid, "customer_id"),
        ({"valid_until": stamp(NOW + timedelta(days=91))}, RuleBroken, "valid_until"),
        ({"staff_id": "s-404"}, NotFound, "staff_id"),
        ({"staff_id": "s-other"}, Forbidden, ""),
        ({"adviser_id": "", "customer_id": "c-404"}, NotFound, ""),
    ],
    ids=named,
)
def test_what_is_not_granted(
    office: Client, changed: dict[str, Any], kind: type[Refusal], field: str
) -> None:
    refused = refusal(partial(grant, office, **changed))

    assert (type(refused), refused.field) == (kind, field)


def test_a_grant_needs_an_end(office: Client) -> None:
    asked = {"staff_id": "s-colleague", "adviser_id": "s-adviser", "purpose": "leave_cover"}

    refused = refusal(partial(office.call, "GrantAccess", "team_leader", **asked))

    assert (refused.code, refused.field) == ("missing", "valid_until")


def test_who_sees_no_grant_ends_none(office: Client) -> None:
    grant_id = grant(office).grant_id
    elsewhere = staff("s-x", "team_leader", team_id="t-beijing", branch_id="b-beijing")

    refused = refusal(partial(office.call, "EndAccess", elsewhere, grant_id=grant_id))

    assert isinstance(refused, NotFound)


def hand_over(office: Client, by: str | Caller = "team_leader", **asked: Any) -> pb.Handover:
    fields = {
        "from_adviser_id": "s-adviser",
        "to_adviser_id": "s-colleague",
        "reason": "leaves",
        **asked,
    }
    started: pb.Handover = office.call("MakeHandover", by, **fields).handover
    return started


def test_a_book_is_handed_over_and_back(office: Client) -> None:
    started = hand_over(office)
    done = office.move_clients(started.handover_id)

    assert (started.state, started.customers, started.moved) == ("running", 2, 0)
    assert (done.state, done.moved, done.skipped) == ("finished", 2, 0)
    assert (numbers(office, "adviser"), numbers(office, COLLEAGUE)) == ([], ["K1", "K2"])
    back = hand_over(office, from_adviser_id="s-colleague", to_adviser_id="s-adviser")
    office.move_clients(back.handover_id, batch=100)
    assert numbers(office, "adviser") == ["K1", "K2"]


def test_a_handover_moves_what_is_listed_and_leaves_access_for_a_time(office: Client) -> None:
    customer_id = office.customer("K1").customer_id

    started = hand_over(office, customer_ids=[customer_id], reason="moves", access_until=LATER)
    office.move_clients(started.handover_id)

    assert numbers(office, COLLEAGUE) == ["K1"]
    (kept,) = office.call("ListAccessGrants", "auditor", staff_id="s-adviser").grants
    assert (kept.customer_id, kept.purpose, kept.valid_until) == (customer_id, "handover", LATER)
    eventually(office, "adviser", ["K1", "K2"])


def test_a_handover_across_branches_is_for_operations(office: Client) -> None:
    refused = refusal(partial(hand_over, office, "branch_manager", to_adviser_id="s-other"))
    started = hand_over(office, "operations", to_adviser_id="s-other")

    assert (type(refused), refused.code) == (Forbidden, "beyond_your_reach")
    office.move_clients(started.handover_id)
    assert numbers(office, OTHER) == ["K1", "K2"]


def test_a_handover_is_told_to_whom_it_concerns(office: Client) -> None:
    handover_id = hand_over(office).handover_id

    for by in ("team_leader", "branch_manager", "auditor", "adviser", COLLEAGUE):
        assert office.call("GetHandover", by, handover_id=handover_id).handover.customers == 2
    for stranger in (OTHER, "administrator"):
        refused = refusal(partial(office.call, "GetHandover", stranger, handover_id=handover_id))
        assert isinstance(refused, NotFound)


def test_clients_of_who_left_are_counted_and_listed(office: Client) -> None:
    gone = wang()
    gone.active = False
    system = staff("hr", "system")

    put = office.call("PutStaff", system, staff=gone)

    assert (put.changed, put.unserved_customers) == (True, 2)
    unserved = office.call("ListCustomers", "operations", unserved=True).customers
    assert [each.customer_no for each in unserved] == ["K1", "K2"]
    started = hand_over(office)
    office.move_clients(started.handover_id)
    assert office.call("ListCustomers", "operations", unserved=True).customers == []

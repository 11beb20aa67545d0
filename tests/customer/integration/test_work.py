"""What every CustomerWork must do for customers, the fake included."""

from dataclasses import replace

import pytest

from chassis.errors import Conflict, NotFound
from services.customer.domain.customer import Customer, Origin, Person, State
from services.customer.domain.facts import FactsVersion
from services.customer.domain.kyc import KycRecord, KycState
from tests.customer.integration.customers import FACTS, add, customer
from tests.customer.integration.stores import Begin
from tests.customer.unit.books import identity
from tests.customer.unit.people import ANSWERS, NOON


def test_a_committed_customer_is_found_as_they_were(work: Begin) -> None:
    add(work, customer(numbers=("K1", "K1B")))

    with work() as second:
        found = second.customers.get("c-1")
    assert vars(found) == vars(customer(numbers=("K1", "K1B"))) | {"version": 1}


def test_an_uncommitted_customer_is_not_found(work: Begin) -> None:
    with work() as first:
        first.customers.add(customer())

    with work() as second, pytest.raises(NotFound):
        second.customers.get("c-1")


def test_a_prospect_needs_no_more_than_a_name(work: Begin) -> None:
    bare = Customer(
        customer_id="c-1",
        state=State.PROSPECT,
        person=Person(name="林安达"),
        origin=Origin("walk_in"),
        created_at=NOON,
        updated_at=NOON,
    )
    other = replace(bare, customer_id="c-2")

    add(work, bare, other)

    with work() as second:
        assert vars(second.customers.get("c-1")) == vars(bare)


def test_of_two_who_read_the_same_version_the_second_is_refused(work: Begin) -> None:
    add(work, customer())
    with work() as reader:
        one, other = reader.customers.get("c-1"), reader.customers.get("c-1")

    with work() as second:
        second.customers.save(one)
        second.commit()

    with work() as third, pytest.raises(Conflict):
        third.customers.save(other)


def test_a_customer_gains_numbers_and_keeps_their_order(work: Begin) -> None:
    add(work, customer(numbers=("K1",)))

    with work() as second:
        found = second.customers.get("c-1")
        found.add_numbers(["K9", "K1"])
        second.customers.save(found)
        second.commit()

    with work() as third:
        assert third.customers.get("c-1").numbers == ("K1", "K9")


def test_customers_are_found_by_identity_number(work: Begin) -> None:
    add(work, customer(), customer("c-2", 2))

    with work() as second:
        found = second.customers.by_identity([identity(2), identity(3)])
        nobody = second.customers.by_identity([])

    assert {number: each.customer_id for number, each in found.items()} == {identity(2): "c-2"}
    assert nobody == {}


def test_numbers_tell_whose_they_are(work: Begin) -> None:
    add(work, customer(numbers=("K1", "K1B")))

    with work() as second:
        holders = second.customers.holders({"K1B", "K404"})

    assert holders == {"K1B": identity(1)}


def test_kyc_records_and_facts_are_kept(work: Begin) -> None:
    add(work, customer())

    with work() as second:
        for state, answers in ((KycState.SUBMITTED, ANSWERS), (KycState.APPROVED, None)):
            kyc = replace(customer().kyc, state=state)
            second.customers.keep_kyc(KycRecord(customer_id="c-1", kyc=kyc, answers=answers))
        second.customers.keep_facts([FactsVersion("c-1", FACTS, "s-wang", NOON)])
        second.customers.keep_facts([])
        second.commit()

import pytest

from chassis.errors import Forbidden, NotFound
from chassis.scope import Reach, Scope
from chassis.trail import Entry
from services.customer.domain.unmasking import Field, Purpose
from services.customer.usecases.note_search import NoteSearch, note_search
from services.customer.usecases.unmask_customer import UnmaskCustomer, unmask_customer
from tests.customer.unit.fakes import FakeWork
from tests.customer.unit.people import NOON, somebody


@pytest.fixture
def work() -> FakeWork:
    work = FakeWork()
    work.customers.add(somebody())
    return work


def unmask(
    work: FakeWork, purpose: Purpose = Purpose.CONTACT, role: str = "adviser"
) -> dict[Field, str]:
    command = UnmaskCustomer(
        customer_id="c-1",
        fields=(Field.NAME, Field.PHONE),
        purpose=purpose,
        note="约定面谈",
        by="s-wang",
        roles=frozenset({role}),
        at=NOON,
    )
    return dict(unmask_customer(command, work))


def test_what_was_asked_for_is_shown_and_leaves_an_entry_without_it(work: FakeWork) -> None:
    shown = unmask(work)

    assert shown == {Field.NAME: "林安达", Field.PHONE: "13800138000"}
    assert work.recorded == [
        Entry(
            action="customer.unmasked",
            subject="c-1",
            purpose="contact",
            details={"fields": ("name", "phone")},
        )
    ]
    (kept,) = work.customers.unmaskings
    assert (kept.shown_to, kept.note, kept.purpose) == ("s-wang", "约定面谈", Purpose.CONTACT)


@pytest.mark.parametrize(
    ("purpose", "role", "allowed"),
    [
        (Purpose.CALLBACK, "service_desk", True),
        (Purpose.CALLBACK, "adviser", False),
        (Purpose.KYC_REVIEW, "compliance", True),
        (Purpose.KYC_REVIEW, "adviser", False),
        (Purpose.REGULATOR, "operations", False),
        (Purpose.COMPLAINT, "operations", True),
    ],
)
def test_a_purpose_belongs_to_whose_duty_it_is(
    work: FakeWork, purpose: Purpose, role: str, allowed: bool
) -> None:
    try:
        unmask(work, purpose, role)
    except Forbidden:
        assert not allowed
        assert work.recorded == []
    else:
        assert allowed


def test_a_client_out_of_scope_is_not_found(work: FakeWork) -> None:
    work.customers.scope = Scope(reach=Reach.OWN, staff_id="s-other")

    with pytest.raises(NotFound):
        unmask(work)
    assert work.recorded == []


def test_a_search_for_a_person_leaves_an_entry_that_does_not_say_for_whom(work: FakeWork) -> None:
    note_search(NoteSearch(("phone",)), work)

    assert work.recorded == [Entry(action="customer.searched", details={"by": ("phone",)})]

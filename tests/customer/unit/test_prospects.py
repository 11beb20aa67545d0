from dataclasses import replace

import pytest

from chassis.errors import NotFound
from services.customer.domain.customer import Origin, Person, RiskLevel, State
from services.customer.domain.events import (
    AdviserChanged,
    CustomerOnboarded,
    ProspectRegistered,
)
from services.customer.domain.facts import Capacity, Facts
from services.customer.domain.staff import NOBODY, Assignment, Unclear, adviser_named
from services.customer.usecases.assign_prospect import AssignProspect, assign_prospect
from services.customer.usecases.note_level import NoteLevel, note_level
from services.customer.usecases.note_product import NoteProduct, note_product
from services.customer.usecases.onboard_prospect import OnboardProspect, onboard_prospect
from services.customer.usecases.register_prospect import RegisterProspect, register_prospect
from services.customer.usecases.update_facts import UpdateFacts, update_facts
from tests.customer.unit.fakes import FakeWork
from tests.customer.unit.people import NOON, TODAY, WANG, WITH_WANG, somebody

WITH_LI = Assignment("s-li", "t-beijing", "b-beijing")
PERSON = Person(name="林安达", phone="13800138000")


@pytest.fixture
def work() -> FakeWork:
    work = FakeWork()
    register(work)
    work.announced.clear()
    return work


def register(work: FakeWork, lead_id: str = "l-1") -> str:
    origin = Origin("campaign", "autumn", lead_id, "s-leader")
    command = RegisterProspect(customer_id="c-1", person=PERSON, origin=origin, at=NOON)
    return register_prospect(command, work)


def assign(work: FakeWork, to: Assignment, sequence: int) -> None:
    assign_prospect(AssignProspect(customer_id="c-1", to=to, sequence=sequence, at=NOON), work)


def onboard(work: FakeWork, to: Assignment = WITH_WANG, sequence: int = 9) -> None:
    onboard_prospect(OnboardProspect(customer_id="c-1", to=to, sequence=sequence, at=NOON), work)


def test_a_registered_prospect_opens_a_lead() -> None:
    work = FakeWork()

    assert register(work) == "l-1"
    assert work.announced == [
        ProspectRegistered("c-1", "l-1", "campaign", "autumn", "s-leader", NOON)
    ]


def test_registering_again_changes_nothing(work: FakeWork) -> None:
    assert register(work, "l-2") == "l-1"
    assert work.announced == []


def test_an_assigned_lead_gives_the_prospect_an_adviser_quietly(work: FakeWork) -> None:
    assign(work, WITH_WANG, 1)

    assert work.customers.get("c-1").assignment == WITH_WANG
    assert work.announced == []


def test_an_older_assignment_that_comes_late_is_ignored(work: FakeWork) -> None:
    assign(work, WITH_LI, 5)
    assign(work, WITH_WANG, 4)

    assert work.customers.get("c-1").assignment == WITH_LI


def test_a_qualified_prospect_becomes_a_customer(work: FakeWork) -> None:
    onboard(work)

    (event,) = work.announced
    assert isinstance(event, CustomerOnboarded)
    assert (event.assignment, event.source, event.risk_level) == (WITH_WANG, "lead", "")
    assert work.customers.get("c-1").state is State.CUSTOMER


def test_a_customer_is_onboarded_once_and_changes_adviser_aloud(work: FakeWork) -> None:
    onboard(work)
    work.announced.clear()

    onboard(work, WITH_LI, 10)

    assert work.announced == [AdviserChanged("c-1", WITH_LI, "s-wang", NOON)]


def test_a_prospect_that_has_not_arrived_yet_is_not_found() -> None:
    with pytest.raises(NotFound):
        onboard(FakeWork())


def test_facts_are_added_to_what_is_known(work: FakeWork) -> None:
    def tell(facts: Facts) -> Facts:
        return update_facts(UpdateFacts(customer_id="c-1", facts=facts, by="s-w", at=NOON), work)

    tell(Facts(investing_years=3, as_of=TODAY))
    known = tell(Facts(capacity=Capacity.FULL))
    again = tell(Facts(investing_years=3))

    assert known == again == Facts(investing_years=3, capacity=Capacity.FULL, as_of=TODAY)
    assert len(work.announced) == len(work.customers.facts) == 2


def test_only_a_newer_level_is_kept(work: FakeWork) -> None:
    for level, sequence in (("C3", 7), ("C2", 6)):
        note_level(
            NoteLevel(customer_id="c-1", risk=RiskLevel(level, TODAY, sequence), at=NOON), work
        )

    assert work.customers.get("c-1").risk == RiskLevel("C3", TODAY, 7)


def test_only_a_newer_product_name_is_kept() -> None:
    work = FakeWork()
    for name, sequence in (("New", 7), ("Old", 6)):
        note_product(NoteProduct(product_id="P1", name=name, sequence=sequence), work)

    assert work.products.rows == {"P1": ("New", 7)}


def test_an_adviser_is_found_by_name_and_team() -> None:
    twin = replace(WANG, staff_id="s-wang-2", team_id="t-beijing", team_name="北京部")
    gone = replace(WANG, staff_id="s-wang-3", active=False)

    assert adviser_named("王俊", "", [WANG, gone]) == WANG
    assert adviser_named("王俊", "北京部", [WANG, twin]) == twin
    assert adviser_named("王俊", "", [WANG, twin]) is Unclear.AMBIGUOUS
    assert adviser_named("李雷", "", [WANG]) is Unclear.UNKNOWN


def test_a_customer_without_an_adviser_gets_one_aloud() -> None:
    work = FakeWork()
    work.customers.add(somebody(to=NOBODY))

    assign(work, WITH_WANG, 1)

    assert work.announced == [AdviserChanged("c-1", WITH_WANG, "", NOON)]

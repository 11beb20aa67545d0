from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from chassis.errors import Conflict, Forbidden, NotFound, Refusal, RuleBroken
from chassis.scope import EVERYTHING, Reach, Scope
from services.customer.domain.customer import State
from services.customer.domain.events import FactsChanged, KycApproved, KycRejected, KycSubmitted
from services.customer.domain.facts import Facts, FactsSource
from services.customer.domain.kyc import KycState
from services.customer.domain.staff import Assignment
from services.customer.usecases.approve_kyc import ApproveKyc, approve_kyc
from services.customer.usecases.reject_kyc import RejectKyc, reject_kyc
from services.customer.usecases.submit_kyc import submit_kyc
from services.customer.usecases.update_facts import UpdateFacts, update_facts
from tests.customer.unit.books import identity
from tests.customer.unit.fakes import FakeWork
from tests.customer.unit.people import ANSWERS, NOON, TODAY, somebody, submission, submit

COMPLIANCE = frozenset({"compliance"})


@pytest.fixture
def work() -> FakeWork:
    work = FakeWork()
    work.customers.add(somebody())
    return work


def approve(
    work: FakeWork, by: str = "s-review", roles: frozenset[str] = COMPLIANCE
) -> KycApproved:
    command = ApproveKyc(customer_id="c-1", by=by, roles=roles, today=TODAY, at=NOON)
    return approve_kyc(command, work)


def test_a_submission_names_the_customer_and_waits_for_review(work: FakeWork) -> None:
    state = submit_kyc(submit(), work)

    customer = work.customers.get("c-1")
    assert state is customer.kyc.state is KycState.SUBMITTED
    assert customer.person.identity_number == identity(1)
    assert customer.person.born_on == date(1961, 7, 30)
    assert work.announced[0] == KycSubmitted("c-1", "s-wang", NOON)


def test_a_submission_brings_the_facts_with_it(work: FakeWork) -> None:
    facts = Facts(financial_assets=Decimal("5000000.00"), source=FactsSource.KYC)

    submit_kyc(submit(facts=facts), work)

    known = replace(facts, born_on=date(1961, 7, 30))
    assert work.announced[1] == FactsChanged("c-1", known, "s-wang", NOON)
    assert [version.facts for version in work.customers.facts] == [known]


@pytest.mark.parametrize("told", [date(1961, 7, 29), date(9999, 12, 31)])
def test_a_birth_date_that_contradicts_the_identity_number_is_refused(
    work: FakeWork, told: date
) -> None:
    with pytest.raises(RuleBroken) as caught:
        submit_kyc(submit(facts=Facts(born_on=told)), work)

    assert (caught.value.code, caught.value.field) == ("birth_date_contradicts", "born_on")


def test_a_birth_date_is_not_changed_against_the_identity_number(work: FakeWork) -> None:
    submit_kyc(submit(), work)
    facts = Facts(born_on=date(1961, 7, 29))

    with pytest.raises(RuleBroken) as caught:
        update_facts(UpdateFacts(customer_id="c-1", facts=facts, by="s-li", at=NOON), work)

    assert caught.value.code == "birth_date_contradicts"


def test_approval_is_announced_with_its_expiry(work: FakeWork) -> None:
    submit_kyc(submit(), work)

    approved = approve(work)

    assert (
        approved == work.announced[-1] == KycApproved("c-1", "s-review", date(2027, 11, 23), NOON)
    )
    assert work.customers.get("c-1").kyc.state is KycState.APPROVED


def test_every_step_is_kept(work: FakeWork) -> None:
    submit_kyc(submit(), work)
    approve(work)

    records = [(record.kyc.state, record.answers) for record in work.customers.kyc_records]
    assert records == [(KycState.SUBMITTED, ANSWERS), (KycState.APPROVED, None)]


@pytest.mark.parametrize(
    ("by", "roles", "kind", "code"),
    [
        ("s-wang", COMPLIANCE, RuleBroken, "own_customer_kyc"),
        ("s-colleague", COMPLIANCE, RuleBroken, "own_submission_kyc"),
        ("s-leader", frozenset({"team_leader"}), Forbidden, "not_compliance"),
    ],
)
def test_who_may_not_approve(
    work: FakeWork, by: str, roles: frozenset[str], kind: type[Refusal], code: str
) -> None:
    submit_kyc(submit(by="s-colleague"), work)

    with pytest.raises(kind) as caught:
        approve(work, by, roles)

    assert caught.value.code == code


def test_a_kyc_is_reviewed_once(work: FakeWork) -> None:
    submit_kyc(submit(), work)
    approve(work)

    with pytest.raises(Conflict):
        approve(work)


def test_a_rejected_kyc_is_submitted_again(work: FakeWork) -> None:
    submit_kyc(submit(), work)
    command = RejectKyc(customer_id="c-1", reason="blurred", by="s-r", roles=COMPLIANCE, at=NOON)

    reject_kyc(command, work)
    submit_kyc(submit(handed_in=submission("kyc-2")), work)

    assert KycRejected("c-1", "s-r", NOON) in work.announced
    assert work.customers.get("c-1").kyc.kyc_id == "kyc-2"


def test_a_kyc_under_review_or_still_valid_is_not_submitted_again(work: FakeWork) -> None:
    submit_kyc(submit(), work)
    with pytest.raises(Conflict, match="under review"):
        submit_kyc(submit(), work)

    approve(work)
    with pytest.raises(Conflict, match="approved until"):
        submit_kyc(submit(), work)


def test_an_expired_kyc_is_submitted_again(work: FakeWork) -> None:
    submit_kyc(submit(), work)
    approve(work)
    later = NOON + timedelta(days=365)

    assert work.customers.get("c-1").kyc.state_on(later.date()) is KycState.EXPIRED
    assert submit_kyc(submit(at=later), work) is KycState.SUBMITTED


def test_only_an_adviser_submits(work: FakeWork) -> None:
    with pytest.raises(Forbidden):
        submit_kyc(submit(roles=frozenset({"operations"})), work)


def test_a_prospect_is_qualified_first() -> None:
    work = FakeWork()
    work.customers.add(somebody(state=State.PROSPECT))

    with pytest.raises(RuleBroken, match="qualify"):
        submit_kyc(submit(), work)


def test_an_identity_number_belongs_to_one_customer(work: FakeWork) -> None:
    submit_kyc(submit(), work)
    work.customers.add(somebody("c-2"))

    with pytest.raises(Conflict) as caught:
        submit_kyc(submit("c-2"), work)

    assert caught.value.code == "identity_number_on_file"


def test_a_holder_whom_the_submitter_may_not_see_shows_only_to_compliance() -> None:
    mine = Scope(reach=Reach.OWN, staff_id="s-wang")
    work = FakeWork(mine)
    hidden = somebody("c-2", to=Assignment("s-li", "t-2", "b-2"))
    hidden.person = replace(hidden.person, identity_number=identity(1))
    work.customers.add(somebody(), hidden)

    state = submit_kyc(submit(), work)
    work.customers.scope = EVERYTHING
    with pytest.raises(Conflict) as caught:
        approve(work)

    assert state is KycState.SUBMITTED
    assert caught.value.code == "identity_number_on_file"
    assert work.customers.get("c-1").kyc.state is KycState.SUBMITTED


def test_a_number_is_no_longer_contested_when_its_holder_has_another_one() -> None:
    work = FakeWork()
    contested = somebody()
    contested.identity_contested = True
    work.customers.add(contested)
    contested_kyc = work.customers.rows["c-1"]
    contested_kyc.kyc = replace(contested_kyc.kyc, state=KycState.SUBMITTED)

    approve(work)

    assert not work.customers.get("c-1").identity_contested


def test_a_submission_for_nobody_is_not_found(work: FakeWork) -> None:
    with pytest.raises(NotFound):
        submit_kyc(submit("c-404"), work)


@pytest.mark.parametrize(
    ("missing", "rule"),
    [
        ({"purpose": ""}, "AML-01"),
        ({"beneficial_owner": ""}, "AML-01"),
        ({"tax_residences": ()}, "CRS-01"),
        ({"consents": ()}, "DAT-01"),
    ],
)
def test_what_the_law_wants_known_is_asked_for(
    work: FakeWork, missing: dict[str, object], rule: str
) -> None:
    answers = replace(ANSWERS, **missing)  # type: ignore[arg-type]

    with pytest.raises(RuleBroken) as caught:
        submit_kyc(submit(handed_in=submission(answers=answers)), work)

    assert (caught.value.rule, caught.value.field) == (rule, next(iter(missing)))

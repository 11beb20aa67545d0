"""Fill a stack with a world, as the institution's people and the client channel would."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from liheng.customer.v1 import customer_pb2
from liheng.product.v1 import product_pb2
from liheng.recording.v1 import recording_pb2
from liheng.suitability.v1 import classes_pb2, suitability_pb2
from liheng.workflow.v1 import workflow_pb2
from services.customer.domain.customer import Customer, Origin, State, prospect
from services.customer.domain.customer import Person as PersonalData
from services.customer.domain.events import HoldingsChanged, KycApproved, TransactionsRecorded
from services.customer.domain.facts import Facts
from services.customer.domain.household import FamilyLink, Relation
from services.customer.domain.identity_number import Sex
from services.customer.domain.kyc import Kyc, KycState
from services.customer.domain.portfolio import Lot, Transaction, TransactionKind
from services.customer.domain.staff import NOBODY, Assignment
from services.customer.usecases.ports import CustomerWork
from services.suitability.domain.customer_class import EVIDENCE
from tests.noninterference.cast import (
    BORN_ON,
    BY_ID,
    NOW,
    PRODUCTS,
    STAFF,
    START,
    Client,
    Grant,
    Person,
    World,
    in_role,
)
from tests.noninterference.ids import IDS
from tests.noninterference.offices import furnish
from tests.noninterference.stacks import Stack

HIRES = Person("s-founder", "administrator")  # nobody changes their own roles
OPERATIONS = in_role("operations")[0]
CLIENT_CHANNEL = in_role("client_channel")[0]


@dataclass
class Known:
    """Ids by the name of the field that holds them."""

    ids: dict[str, set[str]] = field(default_factory=dict)

    def add(self, name: str, value: str) -> None:
        self.ids.setdefault(name, set()).add(value)

    def of(self, name: str) -> list[str]:
        return sorted(self.ids.get(name, ()))


def build(world: World, stack: Stack, administrator: str) -> Known:
    """*administrator* is a token."""
    known = Known()
    stack.empty()
    stack.clock.now = START
    for member in STAFF:
        IDS.begin(member.staff_id)
        _put_staff(member.staff_id, stack)
    for product_id in PRODUCTS:
        IDS.begin(product_id)
        _list_product(product_id, stack)
    stack.deliver()
    for client in sorted(world.clients, key=lambda each: each.at):
        stack.clock.now = client.at
        _add(client, stack, known)
    _link(world, stack)
    for grant in world.grants:
        _grant(grant, stack)
        known.add("grant_id", grant.grant_id)
    for client in sorted(world.clients, key=lambda each: each.at):
        stack.clock.now = client.at + timedelta(hours=1)
        _sell(client, stack, known)
    for name, made in furnish(world, stack, administrator).items():
        known.add(name, made)
    stack.deliver()
    stack.clock.now = NOW
    return known


def _put_staff(staff_id: str, stack: Stack) -> None:
    member = BY_ID[staff_id]
    staff = customer_pb2.Staff(
        staff_id=staff_id,
        name=f"员工{staff_id}",
        roles=[member.role],
        team_id=member.team_id,
        team_name=f"团队{member.team_id}" if member.team_id else "",
        branch_id=member.branch_id,
        branch_name=f"分行{member.branch_id}" if member.branch_id else "",
        active=True,
    )
    request = customer_pb2.PutStaffRequest(staff=staff)
    stack.call("customer", "PutStaff", request, HIRES)


def _list_product(product_id: str, stack: Stack) -> None:
    product = product_pb2.Product(
        product_id=product_id,
        name=f"产品{product_id}",
        kind="public_fund",
        asset_class="mixed",
        issuer_level="R2",
        seller_level="R2",
        minimum_amount="10000",
        nav="1.25",
        nav_as_of="2026-11-19",
    )
    request = product_pb2.PutProductRequest(product=product)
    stack.call("product", "PutProduct", request, OPERATIONS)


def _add(client: Client, stack: Stack, known: Known) -> None:
    IDS.begin(client.customer_id)
    add = _onboard if client.onboarded else _register
    stack.services["customer"].handlers.run(add, client)
    known.add("customer_id", client.customer_id)
    known.add("member_id", client.customer_id)
    stack.deliver()
    if client.onboarded:
        return
    known.add("lead_id", f"l-{client.key}")
    if client.owner:
        IDS.begin(f"{client.customer_id}:assigned")
        request = workflow_pb2.AssignLeadRequest(lead_id=f"l-{client.key}", adviser_id=client.owner)
        stack.call("workflow", "AssignLead", request, OPERATIONS)
        stack.deliver()


def _personal(client: Client) -> PersonalData:
    return PersonalData(
        name=client.name,
        phone=client.phone,
        identity_number=client.identity,
        sex=Sex.FEMALE,
        born_on=BORN_ON,
        address=f"浙江省杭州市{client.street}",
    )


def _register(client: Client, work: CustomerWork) -> None:
    origin = Origin("referral", "", f"l-{client.key}", OPERATIONS.staff_id)
    registered = prospect(client.customer_id, _personal(client), origin, client.at)
    work.customers.add(registered)
    work.announce(registered.registered())


def _onboard(client: Client, work: CustomerWork) -> None:
    expires_on = date(2027, 11, 1)
    customer = Customer(
        customer_id=client.customer_id,
        state=State.CUSTOMER,
        person=_personal(client),
        origin=Origin("import", registered_by=OPERATIONS.staff_id),
        created_at=client.at,
        updated_at=client.at,
        numbers=(client.customer_no,),
        assignment=_assignment(client),
        facts=Facts(average_income_3y=Decimal(client.income), financial_assets=Decimal(800_000)),
        kyc=Kyc(kyc_id=f"kyc-{client.key}", state=KycState.APPROVED, expires_on=expires_on),
    )
    work.customers.add(customer)
    assessed_on = date(2026, 11, 1)
    work.announce(
        customer.onboarded("import", client.at, risk_level=client.level, assessed_on=assessed_on)
    )
    work.announce(KycApproved(client.customer_id, "s-compliance", expires_on, client.at))
    _endow(client, customer, work)


def _assignment(client: Client) -> Assignment:
    owner = BY_ID.get(client.owner)
    return Assignment(owner.staff_id, owner.team_id, owner.branch_id) if owner else NOBODY


def _endow(client: Client, customer: Customer, work: CustomerWork) -> None:
    portfolio = work.portfolios.of([client.customer_id])[client.customer_id]
    value, on = Decimal(client.held), client.at.date()
    portfolio.put([Lot(f"book:{client.customer_no}", "P1", value / 2, value, on)])
    work.portfolios.save([portfolio])
    bought = Transaction(
        f"x-{client.key}",
        client.customer_id,
        "P2",
        TransactionKind.SUBSCRIBE,
        Decimal(client.bought),
        date(2026, 5, 1 + client.minutes % 28),
    )
    work.transactions.record([bought])
    to, holdings = customer.assignment, portfolio.changed_holdings()
    work.announce(HoldingsChanged(client.customer_id, to, holdings, client.at))
    work.announce(TransactionsRecorded(client.customer_id, to, [bought], client.at))


def _link(world: World, stack: Stack) -> None:
    def link(pairs: tuple[tuple[int, int], ...], work: CustomerWork) -> None:
        work.households.link(
            FamilyLink(f"c-{one}", f"c-{other}", Relation.SPOUSE) for one, other in pairs
        )

    stack.services["customer"].handlers.run(link, world.family)


def _grant(grant: Grant, stack: Stack) -> None:
    """Straight into every copy: who may grant is not what is tried here."""
    values: dict[str, object] = {
        "share_id": grant.grant_id,
        "staff_id": grant.staff_id,
        "subject_id": grant.customer_id,
        "owner_id": grant.owner,
        "purpose": "leave_cover",
        "valid_from": grant.valid_from,
        "valid_until": grant.valid_until,
        "sequence": 1,
    }
    for service in stack.services.values():
        database = service.database.engine
        if sa.inspect(database).has_table("shares"):
            columns = ", ".join(values)
            places = ", ".join(f":{name}" for name in values)
            put = sa.text(f"INSERT INTO shares ({columns}) VALUES ({places})")
            with database.begin() as connection:
                connection.execute(put, values)


def _sell(client: Client, stack: Stack, known: Known) -> None:
    if client.sale is None:
        return
    adviser = BY_ID[client.owner]
    sale_id = _step(stack, client, "drafted", lambda: _draft(client, stack, adviser))
    known.add("sale_id", sale_id)
    stack.deliver()
    if client.sale.decided:
        decision_id = _step(stack, client, "decided", lambda: _decide(client, sale_id, stack))
        known.add("decision_id", decision_id)
    if client.sale.recorded:
        opening = recording_pb2.OpenRecordingRequest(sale_id=sale_id)
        recording_id = _step(
            stack,
            client,
            "recorded",
            lambda: (
                stack.call("recording", "OpenRecording", opening, adviser).recording.recording_id
            ),
        )
        known.add("recording_id", recording_id)
    application_id = _step(stack, client, "applied", lambda: _apply_for_class(client, stack))
    known.add("application_id", application_id)
    stack.deliver()


def _step(stack: Stack, client: Client, what: str, act: Callable[[], Any]) -> str:
    IDS.begin(f"{client.customer_id}:{what}")
    return str(act())


def _apply_for_class(client: Client, stack: Stack) -> str:
    days = dict.fromkeys(EVIDENCE, "2026-11-01")
    request = classes_pb2.ApplyForClassRequest(
        customer_id=client.customer_id, wanted="professional", **days
    )
    made = stack.call(
        "suitability", "ApplyForClass", request, BY_ID[client.owner], "CustomerClassService"
    )
    application_id: str = made.application.application_id
    return application_id


def _draft(client: Client, stack: Stack, adviser: Any) -> str:
    assert client.sale is not None
    request = workflow_pb2.DraftSaleRequest(
        customer_id=client.customer_id,
        product_id=client.sale.product_id,
        amount=str(client.sale.amount),
        channel="branch",
        initiated_by="client",
    )
    sale_id: str = stack.call("workflow", "DraftSale", request, adviser).sale.sale_id
    return sale_id


def _decide(client: Client, sale_id: str, stack: Stack) -> str:
    assert client.sale is not None
    request = suitability_pb2.DecideRequest(
        customer_id=client.customer_id,
        product_id=client.sale.product_id,
        sale_id=sale_id,
        amount=str(client.sale.amount),
        channel="branch",
        initiated_by="client",
        recording_consent=True,
    )
    decision = stack.call("suitability", "Decide", request, CLIENT_CHANNEL).decision
    decision_id: str = decision.decision_id
    return decision_id

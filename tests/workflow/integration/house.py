"""Workflow on the real database, called as the gateway calls it, told what others announce."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import grpc
import sqlalchemy as sa
from google.protobuf.message import Message

from chassis.config import Keys
from chassis.database import begin, engine
from chassis.dependencies import injected
from chassis.identity import Caller
from chassis.ids import new_id
from chassis.moments import stamp
from chassis.runner import Runner
from chassis.scope import EVERYTHING
from chassis.sealing.algorithm import Algorithm
from chassis.subscriptions import Meta
from liheng.customer.v1.events_pb2 import (
    AccessEnded,
    AccessGranted,
    AdviserChanged,
    CustomerOnboarded,
    KycApproved,
    StaffChanged,
)
from liheng.product.v1.events_pb2 import ProductListed
from liheng.recording.v1.events_pb2 import RecordingSealed
from liheng.suitability.v1.events_pb2 import DecisionMade, Obligation
from liheng.workflow.v1 import workflow_pb2 as pb
from liheng.workflow.v1.workflow_pb2_grpc import WorkflowServiceStub
from services.workflow.adapters.database import SqlWorkflowWork
from services.workflow.adapters.tables import custody, mailbox, sale_history
from services.workflow.bootstrap import rpc as workflow_rpc
from services.workflow.config import Config
from services.workflow.domain.callback import ITEMS
from services.workflow.entrypoints.events import WorkflowEvents
from tests.calling import CALLER_KEY, as_caller, served, staff
from tests.sealing import KEY
from tests.workflow.examples import DISCLOSED, NOON
from tests.workflow.integration.sealed import sealer_of

ADA = staff("s-ada", "adviser", team_id="t-1", branch_id="b-1")
BO = staff("s-bo", "adviser", team_id="t-1", branch_id="b-1")
CAI = staff("s-cai", "adviser", team_id="t-2", branch_id="b-1")
LEADER = staff("s-leader", "team_leader", team_id="t-1", branch_id="b-1")
OTHER_LEADER = staff("s-other", "team_leader", team_id="t-2", branch_id="b-1")
MANAGER = staff("s-manager", "branch_manager", branch_id="b-1")
OTHER_MANAGER = staff("s-far", "branch_manager", branch_id="b-2")
DESK = staff("s-desk", "service_desk")
OPERATIONS = staff("s-ops", "operations")
AUDITOR = staff("s-audit", "auditor")
ADMINISTRATOR = staff("s-admin", "administrator")

PRIVATE_FUND = [
    Obligation(name="recording", rule_id="REC-05"),
    Obligation(name="disclosure", rule_id="DIS-02", parameters={"items": ",".join(DISCLOSED)}),
    Obligation(name="cooling_off", rule_id="PF-04", parameters={"hours": "24"}),
    Obligation(name="callback", rule_id="PF-05"),
]


def name(value: object) -> str:
    """Of a caller, for the id of a test."""
    return value.staff_id if isinstance(value, Caller) else str(value)


class House:
    def __init__(self, database: str, channel: grpc.Channel) -> None:
        self.now = NOON
        self.database = database
        self.writes = engine(database, connections=2)
        self._stub = WorkflowServiceStub(channel)
        self._sequence = 0
        work = partial(SqlWorkflowWork, sealer=sealer_of(self.writes), scope=EVERYTHING)
        run = Runner(begin(self.writes, work))
        self.events = injected(WorkflowEvents, run=run, now=lambda: self.now)

    def call(self, who: Caller, request: Message, **said: str) -> Any:
        """The method is named like the request; *said* goes with it as metadata."""
        method = getattr(self._stub, type(request).__name__.removesuffix("Request"))
        more = tuple((name.replace("_", "-"), value) for name, value in said.items())
        return method(request, metadata=as_caller(who) + more)

    def told(self) -> Meta:
        self._sequence += 1
        return Meta(new_id(), "", self._sequence, self.now, "elsewhere")

    def open(self) -> None:
        """Staff, a customer and a product."""
        for who in (ADA, BO, CAI, LEADER, OTHER_LEADER):
            member = StaffChanged(
                staff_id=who.staff_id,
                roles=sorted(who.roles),
                team_id=who.team_id,
                branch_id=who.branch_id,
                active=True,
            )
            self.events.staff_changed(member, self.told())
        self.onboard("c-1")
        product = ProductListed(product_id="P1", state="listed")
        self.events.product_listed(product, self.told())

    def onboard(self, customer_id: str, adviser: Caller = ADA) -> None:
        """An identified customer."""
        onboarded = CustomerOnboarded(
            customer_id=customer_id,
            adviser_id=adviser.staff_id,
            team_id=adviser.team_id,
            branch_id=adviser.branch_id,
        )
        self.events.customer_onboarded(onboarded, self.told())
        approved = KycApproved(customer_id=customer_id, expires_on="2199-01-01")
        self.events.kyc_approved(approved, self.told())

    def hand_over(self, customer_id: str, adviser: Caller) -> None:
        changed = AdviserChanged(
            customer_id=customer_id,
            adviser_id=adviser.staff_id,
            team_id=adviser.team_id,
            branch_id=adviser.branch_id,
            at=stamp(self.now),
        )
        self.events.adviser_changed(changed, self.told())

    def grant(
        self, staff_id: str, length: timedelta, customer_id: str = "", adviser_id: str = ""
    ) -> str:
        """One client, or the whole book of an adviser."""
        grant_id = new_id()
        granted = AccessGranted(
            grant_id=grant_id,
            staff_id=staff_id,
            purpose="leave_cover",
            valid_from=stamp(self.now),
            valid_until=stamp(self.now + length),
            customer_id=customer_id,
            adviser_id=adviser_id,
        )
        self.events.access_granted(granted, self.told())
        return grant_id

    def take_back(self, grant_id: str) -> None:
        ended = AccessEnded(grant_id=grant_id, at=stamp(self.now))
        self.events.access_ended(ended, self.told())

    def forget_custody(self, customer_id: str) -> None:
        kept = custody.custody
        with self.writes.begin() as connection:
            connection.execute(kept.delete().where(kept.c.subject_id == customer_id))

    def draft(
        self, amount: str = "1200000.00", customer_id: str = "c-1", who: Caller = ADA
    ) -> pb.Sale:
        request = pb.DraftSaleRequest(
            customer_id=customer_id,
            product_id="P1",
            amount=amount,
            channel="branch",
            initiated_by="client",
        )
        sale: pb.Sale = self.call(who, request).sale
        return sale

    def decide(self, sale: pb.Sale, outcome: str = "ALLOW", by: str = "") -> None:
        made = DecisionMade(
            decision_id=new_id(),
            sale_id=sale.sale_id,
            customer_id=sale.customer_id,
            product_id=sale.product_id,
            amount=sale.amount,
            channel=sale.channel,
            initiated_by=sale.initiated_by,
            outcome=outcome,
            requires=["reassessment"] if outcome == "REQUIRE" else [],
            obligations=PRIVATE_FUND,
            rule_ids=["MAT-03"],
            valid_until=stamp(self.now + timedelta(days=1)),
            decided_by=by,
            at=stamp(self.now),
        )
        self.events.decision_made(made, self.told())

    def record(self, sale: pb.Sale) -> None:
        sealed = RecordingSealed(
            recording_id=new_id(),
            sale_id=sale.sale_id,
            customer_id=sale.customer_id,
            product_id=sale.product_id,
            at=stamp(self.now),
        )
        self.events.recording_sealed(sealed, self.told())

    def sign(self, sale_id: str, who: Caller = ADA) -> pb.Sale:
        request = pb.SignSaleRequest(
            sale_id=sale_id, contract_number=f"HT-{sale_id}", disclosures_confirmed=DISCLOSED
        )
        sale: pb.Sale = self.call(who, request).sale
        return sale

    def pay(self, sale_id: str, reference: str = "", amount: str = "1200000.00") -> pb.Sale:
        request = pb.PaySaleRequest(
            sale_id=sale_id, amount=amount, payment_reference=reference or f"PAY-{sale_id}"
        )
        sale: pb.Sale = self.call(OPERATIONS, request).sale
        return sale

    def call_back(self, sale_id: str, who: Caller = DESK, **fields: object) -> pb.Sale:
        said: Mapping[str, Any] = {
            "outcome": "succeeded",
            "method": "recorded_phone",
            "answers": dict.fromkeys(ITEMS, "yes"),
        }
        request = pb.RecordCallbackRequest(sale_id=sale_id, **{**said, **fields})
        sale: pb.Sale = self.call(who, request).sale
        return sale

    def confirm(
        self, sale_id: str, confirmed_on: str = "2026-11-25", units: str = "1000000"
    ) -> pb.Sale:
        request = pb.ConfirmSaleRequest(
            sale_id=sale_id, units=units, nav="1.2", confirmed_on=confirmed_on
        )
        sale: pb.Sale = self.call(OPERATIONS, request).sale
        return sale

    def rescind(self, sale_id: str, who: Caller = DESK) -> pb.Sale:
        request = pb.RescindSaleRequest(sale_id=sale_id, reason="changed their mind")
        sale: pb.Sale = self.call(who, request).sale
        return sale

    def get(self, sale_id: str, who: Caller = ADA) -> pb.Sale:
        sale: pb.Sale = self.call(who, pb.GetSaleRequest(sale_id=sale_id)).sale
        return sale

    def recorded_sale(self, customer_id: str = "c-1", who: Caller = ADA) -> str:
        sale = self.draft(customer_id=customer_id, who=who)
        self.decide(sale)
        self.record(sale)
        return sale.sale_id

    def paid_sale(self) -> str:
        sale_id = self.recorded_sale()
        self.sign(sale_id)
        self.pay(sale_id)
        return sale_id

    def announced(self, subject: str) -> list[str]:
        """Names of what was announced about a lead or a sale, in order."""
        outbox = mailbox.outbox.c
        told = sa.select(outbox.type).where(outbox.subject == subject).order_by(outbox.id)
        with self.writes.connect() as connection:
            return [name.rsplit(".", 1)[1] for name in connection.execute(told).scalars()]

    def history(self, sale_id: str) -> list[tuple[str, str, str]]:
        """What happened to a sale, by whom, and the state it led to."""
        lines = sale_history.c
        kept = sa.select(lines.what, lines.by, lines.state).where(lines.sale_id == sale_id)
        with self.writes.connect() as connection:
            return [tuple(line) for line in connection.execute(kept.order_by(lines.change_id))]


@contextmanager
def open_house(database: str, sealing: Algorithm = Algorithm.AES_256_GCM) -> Iterator[House]:
    config = Config(
        database_url=database,
        amqp_url="",
        rpc_address="127.0.0.1:0",
        caller_key=CALLER_KEY,
        master_keys=Keys(m1=KEY),
        index_key=KEY,
        sealing=sealing,
    )
    built: list[House] = []

    def clock() -> datetime:
        return built[0].now

    with served(workflow_rpc(config, clock)) as channel:
        built.append(House(database, channel))
        built[0].open()
        yield built[0]
        built[0].writes.dispose()

"""A running SuitabilityService, its clock, and the people who call it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from chassis.database import begin, engine
from chassis.identity import Caller
from chassis.moments import stamp
from chassis.scope import Custody, Reach
from liheng.suitability.v1 import suitability_pb2 as pb
from liheng.suitability.v1 import suitability_pb2_grpc
from services.suitability.adapters.database import SqlSuitabilityWork
from services.suitability.adapters.tables import mailbox
from services.suitability.usecases.keep_customer import KeepCustomer, keep_customer
from services.suitability.usecases.keep_product import KeepProduct, keep_product
from tests.calling import as_caller
from tests.suitability.samples import (
    COMPANY_QUESTIONNAIRE,
    CUSTOMER,
    FUND,
    INSTITUTION,
    QUESTIONNAIRE,
    answers,
)

CLIENT_APP = Caller("client-app", frozenset({"client_channel"}), reach=Reach.INSTITUTION)
ADVISER = Caller("s-wangjun", frozenset({"adviser"}), "t-1", "b-1", reach=Reach.OWN)
WANGJUNS = Custody("s-wangjun", "t-1", "b-1")


@dataclass
class Stack:
    """A running service, its clock and what it knows."""

    url: str
    now: datetime = datetime(2026, 11, 23, 4, tzinfo=UTC)
    stub: suitability_pb2_grpc.SuitabilityServiceStub = field(init=False)
    sequence: int = 0

    def clock(self) -> datetime:
        return self.now

    def know(
        self, customer_id: str, product_id: str = "", whose_kind: str = "person", **terms: object
    ) -> None:
        self.sequence += 1
        bound = engine(self.url)
        with begin(bound, SqlSuitabilityWork)() as work:
            keep_customer(
                KeepCustomer(
                    customer_id=customer_id,
                    facts={**CUSTOMER, "kind": whose_kind},
                    sequence=self.sequence,
                    at=self.now,
                    institution=INSTITUTION,
                    custody=WANGJUNS,
                ),
                work,
            )
            keep_product(
                KeepProduct(
                    product_id=product_id or "P1",
                    facts={**FUND, **terms},
                    whole=True,
                    sequence=self.sequence,
                    at=self.now,
                    institution=INSTITUTION,
                ),
                work,
            )
            work.commit()
        bound.dispose()

    def assess(
        self,
        customer_id: str,
        wish: str = "middle",
        caller: Caller = CLIENT_APP,
        version: str = QUESTIONNAIRE.version,
    ) -> pb.RiskProfile:
        request = pb.SubmitAssessmentRequest(
            customer_id=customer_id,
            questionnaire_version=version,
            answers=answers(wish),
            device="phone-1",
            started_at=stamp(self.now - timedelta(minutes=5)),
            ended_at=stamp(self.now - timedelta(minutes=1)),
        )
        return self.stub.SubmitAssessment(request, metadata=as_caller(caller)).profile

    def assess_institution(self, customer_id: str, wish: str = "middle") -> pb.RiskProfile:
        request = pb.SubmitAssessmentRequest(
            customer_id=customer_id,
            questionnaire_version=COMPANY_QUESTIONNAIRE.version,
            answers=answers(wish, COMPANY_QUESTIONNAIRE),
            device="phone-1",
            started_at=stamp(self.now - timedelta(minutes=5)),
            ended_at=stamp(self.now - timedelta(minutes=1)),
        )
        return self.stub.SubmitAssessment(request, metadata=as_caller(CLIENT_APP)).profile

    def decide(
        self,
        customer_id: str,
        product_id: str = "P1",
        caller: Caller = ADVISER,
        **changes: object,
    ) -> pb.Decision:
        asked = {
            "amount": "100000",
            "channel": "branch",
            "initiated_by": "client",
            "recording_consent": True,
            **changes,
        }
        request = pb.DecideRequest(
            customer_id=customer_id,
            product_id=product_id,
            **asked,  # type: ignore[arg-type]
        )
        return self.stub.Decide(request, metadata=as_caller(caller)).decision

    def announced(self, subject: str) -> list[str]:
        bound = engine(self.url)
        types = sa.select(mailbox.outbox.c.type).where(mailbox.outbox.c.subject == subject)
        with bound.connect() as connection:
            found = [name.rpartition(".")[2] for name in connection.execute(types).scalars()]
        bound.dispose()
        return found

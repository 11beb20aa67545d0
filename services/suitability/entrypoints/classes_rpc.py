"""CustomerClassService over gRPC."""

from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

import grpc
import sqlalchemy as sa

from chassis.clock import Clock
from chassis.custody import Scopes
from chassis.errors import Invalid
from chassis.identity import caller
from chassis.ids import new_id
from chassis.inputs import day, identifier
from chassis.moments import stamp
from chassis.paging import Page
from chassis.runner import Runner
from liheng.suitability.v1 import classes_pb2 as pb
from liheng.suitability.v1 import classes_pb2_grpc as rpc
from services.suitability.adapters.class_queries import ClassQueries
from services.suitability.domain.customer_class import (
    EVIDENCE,
    ApplicationState,
    CustomerClass,
    RefusalReason,
)
from services.suitability.domain.institution import Institution
from services.suitability.usecases.apply_for_class import ApplyForClass, apply_for_class
from services.suitability.usecases.decide_class import DecideClass, decide_class
from services.suitability.usecases.ports import SuitabilityWork

Word = TypeVar("Word", bound=StrEnum)
VERDICTS = (ApplicationState.ACCEPTED, ApplicationState.REFUSED)


class CustomerClassServicer(rpc.CustomerClassServiceServicer):
    def __init__(
        self,
        run: Runner[SuitabilityWork],
        queries: ClassQueries,
        scopes: Scopes,
        clock: Clock,
        institution: Institution,
    ) -> None:
        self._run = run
        self._queries = queries
        self._scopes = scopes
        self._clock = clock
        self._institution = institution

    def ApplyForClass(
        self, request: pb.ApplyForClassRequest, context: grpc.ServicerContext
    ) -> pb.ApplyForClassResponse:
        command = ApplyForClass(
            application_id=new_id(),
            customer_id=identifier(request.customer_id, "customer_id"),
            wanted=word(request.wanted, tuple(CustomerClass), "wanted"),
            evidence=evidence(request),
            by=caller().staff_id,
            roles=caller().roles,
            scope=self._scopes(),
            at=self._clock(),
            institution=self._institution.now(),
        )
        self._run(apply_for_class, command)
        return pb.ApplyForClassResponse(application=self._application(command.application_id))

    def ListClassApplications(
        self, request: pb.ListClassApplicationsRequest, context: grpc.ServicerContext
    ) -> pb.ListClassApplicationsResponse:
        page = Page.asked(request.limit, request.cursor)
        customer_id = identifier(request.customer_id, "customer_id")
        rows, following, elected = self._queries.applications(customer_id, page)
        return pb.ListClassApplicationsResponse(
            applications=map(application_message, rows),
            next_cursor=following,
            elected_class=elected,
        )

    def DecideClassApplication(
        self, request: pb.DecideClassApplicationRequest, context: grpc.ServicerContext
    ) -> pb.DecideClassApplicationResponse:
        command = DecideClass(
            application_id=identifier(request.application_id, "application_id"),
            refusal=refusal(request),
            by=caller().staff_id,
            scope=self._scopes(),
            at=self._clock(),
            institution=self._institution.now(),
        )
        self._run(decide_class, command)
        application = self._application(command.application_id)
        return pb.DecideClassApplicationResponse(application=application)

    def _application(self, application_id: str) -> pb.ClassApplication:
        return application_message(self._queries.application(application_id))


def evidence(request: pb.ApplyForClassRequest) -> dict[str, date]:
    said = {name: getattr(request, name) for name in EVIDENCE}
    return {name: day(text, name) for name, text in said.items() if text}


def refusal(request: pb.DecideClassApplicationRequest) -> RefusalReason | None:
    """Nothing when it is accepted; a reason belongs to a refusal, and to nothing else."""
    verdict = word(request.verdict, VERDICTS, "verdict")
    if verdict is ApplicationState.REFUSED:
        return word(request.reason, tuple(RefusalReason), "reason")
    if request.reason:
        raise Invalid(
            "reason_not_asked",
            "reason belongs to a refusal; leave it out to accept",
            "reason 仅用于拒绝；同意时请勿填写",
            field="reason",
        )
    return None


def word(text: str, known: tuple[Word, ...], field: str) -> Word:
    for one in known:
        if one == text:
            return one
    names = ", ".join(known)
    raise Invalid(f"unknown_{field}", f"must be one of: {names}", f"只能是：{names}", field=field)


def application_message(row: sa.Row[Any]) -> pb.ClassApplication:
    return pb.ClassApplication(
        application_id=row.application_id,
        customer_id=row.customer_id,
        wanted=row.wanted,
        state=row.state,
        in_force=row.in_force,
        entered_by=row.entered_by,
        entered_through="client_channel" if row.by_client else "staff",
        entered_at=stamp(row.entered_at),
        reason=row.reason or "",
        decided_by=row.decided_by,
        decided_at=stamp(row.decided_at) if row.decided_at else None,
        **row.evidence,
    )

"""RehearsalService over gRPC."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import grpc
import sqlalchemy as sa

from chassis.clock import Clock
from chassis.errors import Forbidden, Invalid
from chassis.identity import caller
from chassis.ids import new_id
from chassis.inputs import day, identifier
from chassis.moments import stamp
from chassis.paging import Page
from chassis.runner import Runner
from chassis.scope import Reach
from liheng.suitability.v1 import packs_pb2 as pb
from liheng.suitability.v1 import packs_pb2_grpc as rpc
from services.suitability.adapters.pack_shelf import PackShelf
from services.suitability.adapters.rehearsal_queries import RehearsalQueries
from services.suitability.domain.institution import Institution
from services.suitability.domain.rehearsal import Dimension, Part, RehearsalState, told_state
from services.suitability.domain.turn import Turn
from services.suitability.domain.values import plain
from services.suitability.usecases.ports import SuitabilityWork
from services.suitability.usecases.start_rehearsal import StartRehearsal, start_rehearsal

READERS = frozenset({"compliance", "management", "auditor"})
ALL = Page(limit=200)


class RehearsalServicer(rpc.RehearsalServiceServicer):
    def __init__(
        self,
        run: Runner[SuitabilityWork],
        queries: RehearsalQueries,
        shelf: PackShelf,
        clock: Clock,
        institution: Institution,
    ) -> None:
        self._run = run
        self._queries = queries
        self._shelf = shelf
        self._clock = clock
        self._institution = institution

    def StartRehearsal(
        self, request: pb.StartRehearsalRequest, context: grpc.ServicerContext
    ) -> pb.StartRehearsalResponse:
        refuse_who_does_not_see_all()
        command = StartRehearsal(
            rehearsal_id=new_id(),
            pack_id=identifier(request.pack_id, "pack_id"),
            since=day(request.since, "since") if request.since else None,
            by=caller().staff_id,
            roles=caller().roles,
            at=self._clock(),
            institution=self._institution.now(),
        )
        self._run(start_rehearsal, command)
        return pb.StartRehearsalResponse(rehearsal=self._rehearsal(command.rehearsal_id))

    def GetRehearsal(
        self, request: pb.GetRehearsalRequest, context: grpc.ServicerContext
    ) -> pb.GetRehearsalResponse:
        refuse_who_does_not_see_all()
        rehearsal_id = identifier(request.rehearsal_id, "rehearsal_id")
        return pb.GetRehearsalResponse(rehearsal=self._rehearsal(rehearsal_id))

    def ListRehearsals(
        self, request: pb.ListRehearsalsRequest, context: grpc.ServicerContext
    ) -> pb.ListRehearsalsResponse:
        refuse_who_does_not_see_all()
        pack = self._shelf.one(identifier(request.pack_id, "pack_id"))
        page = Page.asked(request.limit, request.cursor)
        rows, following = self._queries.of_pack(pack.pack_id, page)
        return pb.ListRehearsalsResponse(
            rehearsals=[rehearsal_message(row, pack.digest, (), self._clock()) for row in rows],
            next_cursor=following,
        )

    def ListRehearsalTallies(
        self, request: pb.ListRehearsalTalliesRequest, context: grpc.ServicerContext
    ) -> pb.ListRehearsalTalliesResponse:
        refuse_who_does_not_see_all()
        rehearsal_id = self._known(request.rehearsal_id)
        wanted = {
            "dimension": one_of(request.dimension or Dimension.RULE, Dimension, "dimension"),
            **part_and_turn(request.part, request.turn),
        }
        page = Page.asked(request.limit, request.cursor)
        rows, following = self._queries.tallies(rehearsal_id, wanted, page)
        return pb.ListRehearsalTalliesResponse(
            tallies=map(tally_message, rows), next_cursor=following
        )

    def ListRehearsalCases(
        self, request: pb.ListRehearsalCasesRequest, context: grpc.ServicerContext
    ) -> pb.ListRehearsalCasesResponse:
        refuse_who_does_not_see_all()
        rehearsal_id = self._known(request.rehearsal_id)
        whose = ("customer_id", "product_id", "branch_id", "adviser_id")
        wanted = {name: str(getattr(request, name)) for name in whose}
        page = Page.asked(request.limit, request.cursor)
        rows, following = self._queries.cases(
            rehearsal_id,
            {**wanted, **part_and_turn(request.part, request.turn)},
            request.rule_id,
            page,
        )
        return pb.ListRehearsalCasesResponse(cases=map(case_message, rows), next_cursor=following)

    def _known(self, rehearsal_id: str) -> str:
        return str(self._queries.one(identifier(rehearsal_id, "rehearsal_id")).rehearsal_id)

    def _rehearsal(self, rehearsal_id: str) -> pb.Rehearsal:
        row = self._queries.one(rehearsal_id)
        together, _ = self._queries.tallies(rehearsal_id, {"dimension": Dimension.ALL}, ALL)
        digest = self._shelf.one(row.pack_id).digest
        return rehearsal_message(row, digest, together, self._clock())


def refuse_who_does_not_see_all() -> None:
    """A report names clients of everybody, with their amounts."""
    if caller().reach is not Reach.INSTITUTION or not caller().roles & READERS:
        raise Forbidden(
            "report_of_the_institution",
            "a rehearsal tells of all clients; compliance, management and auditors read it",
            "预演报告涉及全部客户，仅合规、管理层和审计可以查看",
        )


def part_and_turn(part: str, turn: str) -> dict[str, str]:
    return {
        "part": one_of(part, Part, "part") if part else "",
        "turn": one_of(turn, Turn, "turn") if turn else "",
    }


def one_of(value: str, kind: type[Dimension | Part | Turn], field: str) -> str:
    known = ", ".join(str(each) for each in kind)
    if value not in [str(each) for each in kind]:
        raise Invalid(
            f"unknown_{field}", f"must be one of: {known}", f"只能是：{known}", field=field
        )
    return str(value)


def rehearsal_message(
    row: sa.Row[Any], digest: str, together: Sequence[sa.Row[Any]], now: datetime
) -> pb.Rehearsal:
    """*digest* is of the pack's document as it is now."""
    return pb.Rehearsal(
        rehearsal_id=row.rehearsal_id,
        pack_id=row.pack_id,
        edition=row.edition,
        digest=row.digest,
        before=row.before,
        first_day=row.first_day.isoformat(),
        since=row.since.isoformat() if row.since else "",
        state=told_state(row.state, row.advanced_at or row.started_at, now),
        started_by=row.started_by,
        started_at=stamp(row.started_at),
        advanced_at=stamp(row.advanced_at) if row.advanced_at else None,
        finished_at=stamp(row.finished_at) if row.finished_at else None,
        decisions=row.decisions,
        decisions_done=row.decisions_done,
        pairs=row.customers * row.products,
        pairs_done=row.pairs_done,
        unread=row.unread,
        cases_kept=row.cases_kept,
        cases_left_out=row.cases_left_out,
        attached=row.state == RehearsalState.FINISHED and row.digest == digest,
        tallies=map(tally_message, together),
    )


def tally_message(row: sa.Row[Any]) -> pb.RehearsalTally:
    return pb.RehearsalTally(
        part=row.part,
        turn=row.turn,
        dimension=row.dimension,
        key=row.key,
        cases=row.cases,
        money=plain(row.money),
    )


def case_message(row: sa.Row[Any]) -> pb.RehearsalCase:
    return pb.RehearsalCase(
        number=row.number,
        part=row.part,
        turn=row.turn,
        before=row.before,
        after=row.after,
        rules=row.rules,
        customer_id=row.customer_id,
        product_id=row.product_id,
        amount=plain(row.amount),
        adviser_id=row.adviser_id,
        branch_id=row.branch_id,
        decision_id=row.decision_id,
        sale_id=row.sale_id,
    )

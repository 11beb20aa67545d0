"""RulePackService over gRPC."""

import json
from datetime import date, timedelta

import grpc

from chassis.clock import Clock
from chassis.errors import Conflict, Invalid
from chassis.identity import caller
from chassis.ids import new_id
from chassis.inputs import identifier
from chassis.paging import Page, bad_cursor, decode, encode
from chassis.runner import Runner
from liheng.suitability.v1 import packs_pb2 as pb
from liheng.suitability.v1 import packs_pb2_grpc as rpc
from services.suitability.adapters.pack_shelf import PackShelf, place
from services.suitability.domain.institution import Institution
from services.suitability.domain.pack_differences import pack_differences
from services.suitability.domain.pack_document import PackDocument
from services.suitability.domain.pack_edit import switched_as
from services.suitability.domain.pack_exchange import exchanged
from services.suitability.domain.rule_pack import PackState
from services.suitability.entrypoints.pack_reading import first_day, pack_edit, reason
from services.suitability.entrypoints.pack_writing import (
    difference_message,
    named,
    pack_message,
    problem_message,
    summary_message,
)
from services.suitability.usecases.change_pack import (
    ChangePack,
    DiscardPack,
    change_pack,
    discard_pack,
)
from services.suitability.usecases.draft_pack import DraftPack, draft_pack
from services.suitability.usecases.ports import SuitabilityWork
from services.suitability.usecases.release_pack import ReleasePack, release_pack

LIST = "rule_packs"
STATES = tuple(str(state) for state in PackState)


class RulePackServicer(rpc.RulePackServiceServicer):
    def __init__(
        self,
        run: Runner[SuitabilityWork],
        shelf: PackShelf,
        clock: Clock,
        institution: Institution,
        rehearsal_good_for: timedelta,
    ) -> None:
        self._run = run
        self._shelf = shelf
        self._clock = clock
        self._institution = institution
        self._rehearsal_good_for = rehearsal_good_for

    def ListRulePacks(
        self, request: pb.ListRulePacksRequest, context: grpc.ServicerContext
    ) -> pb.ListRulePacksResponse:
        if request.state and request.state not in STATES:
            known = ", ".join(STATES)
            raise Invalid(
                "unknown_state", f"must be one of: {known}", f"只能是：{known}", field="state"
            )
        page = Page.asked(request.limit, request.cursor)
        after = _place(page.cursor)
        found = [one for one in self._shelf.all(request.state) if not after or place(one) < after]
        shown, today = found[: page.limit], self._in_force()
        more = len(found) > page.limit
        return pb.ListRulePacksResponse(
            packs=[summary_message(one, today) for one in shown],
            next_cursor=encode([LIST, *place(shown[-1])]) if more else "",
        )

    def GetRulePack(
        self, request: pb.GetRulePackRequest, context: grpc.ServicerContext
    ) -> pb.GetRulePackResponse:
        return pb.GetRulePackResponse(pack=self._pack(identifier(request.pack_id, "pack_id")))

    def DraftRulePack(
        self, request: pb.DraftRulePackRequest, context: grpc.ServicerContext
    ) -> pb.DraftRulePackResponse:
        effective_from = first_day(request.effective_from)
        edit = pack_edit(request.edit, request.edition, effective_from)
        starts = edit.document.effective_from if edit.document else None
        command = DraftPack(
            pack_id=new_id(),
            base=edit.document or self._base(request.base, effective_from),
            follows=self._before(effective_from or starts),
            edit=edit,
            reason=reason(request.reason),
            by=caller().staff_id,
            roles=caller().roles,
            at=self._clock(),
        )
        self._run(draft_pack, command)
        return pb.DraftRulePackResponse(pack=self._pack(command.pack_id))

    def ChangeRulePack(
        self, request: pb.ChangeRulePackRequest, context: grpc.ServicerContext
    ) -> pb.ChangeRulePackResponse:
        command = ChangePack(
            pack_id=self._own(request.pack_id),
            edit=pack_edit(request.edit, request.edition, first_day(request.effective_from)),
            follows=self._released(request.follows),
            reason=reason(request.reason),
            by=caller().staff_id,
            roles=caller().roles,
            at=self._clock(),
        )
        self._run(change_pack, command)
        return pb.ChangeRulePackResponse(pack=self._pack(command.pack_id))

    def DiscardRulePack(
        self, request: pb.DiscardRulePackRequest, context: grpc.ServicerContext
    ) -> pb.DiscardRulePackResponse:
        command = DiscardPack(pack_id=self._own(request.pack_id), roles=caller().roles)
        self._run(discard_pack, command)
        return pb.DiscardRulePackResponse()

    def ReleaseRulePack(
        self, request: pb.ReleaseRulePackRequest, context: grpc.ServicerContext
    ) -> pb.ReleaseRulePackResponse:
        command = ReleasePack(
            pack_id=self._own(request.pack_id),
            good_for=self._rehearsal_good_for,
            by=caller().staff_id,
            roles=caller().roles,
            at=self._clock(),
            institution=self._institution,
        )
        self._run(release_pack, command)
        return pb.ReleaseRulePackResponse(pack=self._pack(command.pack_id))

    def ListRulePackDifferences(
        self, request: pb.ListRulePackDifferencesRequest, context: grpc.ServicerContext
    ) -> pb.ListRulePackDifferencesResponse:
        pack = self._shelf.one(identifier(request.pack_id, "pack_id"))
        against = request.against or self._before(pack.effective_from)
        other = self._document(against)
        return pb.ListRulePackDifferencesResponse(
            against=against,
            differences=map(difference_message, pack_differences(other, pack.document)),
        )

    def ListRulePackProblems(
        self, request: pb.ListRulePackProblemsRequest, context: grpc.ServicerContext
    ) -> pb.ListRulePackProblemsResponse:
        pack = self._shelf.one(identifier(request.pack_id, "pack_id"))
        return pb.ListRulePackProblemsResponse(problems=map(problem_message, named(pack)[1]))

    def GetRulePackExport(
        self, request: pb.GetRulePackExportRequest, context: grpc.ServicerContext
    ) -> pb.GetRulePackExportResponse:
        pack = self._shelf.one(identifier(request.pack_id, "pack_id"))
        return pb.GetRulePackExportResponse(
            edition=pack.edition,
            digest=pack.digest,
            file_name=f"{pack.edition}.pack.json",
            pack_json=json.dumps(exchanged(pack), ensure_ascii=False, indent=1),
        )

    def _pack(self, pack_id: str) -> pb.RulePack:
        return pack_message(self._shelf.one(pack_id), self._in_force())

    def _in_force(self) -> str:
        today = self._institution.day(self._clock())
        return self._institution.packs.in_force(today).version

    def _own(self, pack_id: str) -> str:
        if self._shelf.shipped(pack_id):
            raise Conflict(
                "shipped_pack",
                "this rule pack comes with the software and is never changed; draft one from it",
                "系统自带规则包不得修改，请据此另行起草",
            )
        return identifier(pack_id, "pack_id")

    def _before(self, effective_from: date | None) -> str:
        """The pack that is in force on the day, as receipts name it."""
        today = self._institution.day(self._clock())
        return self._institution.packs.in_force(max(effective_from or today, today)).name

    def _base(self, base: str, effective_from: date | None) -> PackDocument:
        return self._document(base or self._before(effective_from))

    def _document(self, name: str) -> PackDocument:
        """Of the pack by its id, its edition, or as a receipt names it, with what is switched on
        from outside.
        """
        edition = name.partition("+")[0]
        pack = self._shelf.one(identifier(edition, "base"))
        if pack.state is not PackState.SHIPPED:
            return pack.document
        named = name if "+" in name else self._institution.packs.now().shipped_as(edition).name
        return switched_as(pack.document, self._institution.packs.named(named))

    def _released(self, name: str) -> str:
        return self._institution.packs.named(name).name if name else ""


def _place(cursor: str) -> tuple[str, str] | None:
    if not cursor:
        return None
    match decode(cursor):
        case [mark, day, pack_id] if mark == LIST:
            return day, pack_id
    raise bad_cursor()

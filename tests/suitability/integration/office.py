"""A running RulePackService, and the people of compliance who work on rule packs."""

from dataclasses import dataclass, field, replace
from typing import Any

import grpc
import orjson

from chassis.database import begin, engine
from chassis.identity import Caller
from chassis.ids import new_id
from liheng.suitability.v1 import packs_pb2 as pb
from liheng.suitability.v1 import packs_pb2_grpc, suitability_pb2, suitability_pb2_grpc
from services.suitability.adapters.database import SqlSuitabilityWork
from services.suitability.adapters.packs import shipped_documents
from services.suitability.adapters.released_packs import ReleasedPacks
from services.suitability.usecases.advance_rehearsal import AdvanceRehearsal, advance_rehearsal
from services.suitability.usecases.resume_rehearsal import ResumeRehearsal, resume_rehearsal
from tests.calling import as_caller, staff
from tests.suitability.integration.stage import ADVISER, Stack
from tests.suitability.samples import INSTITUTION

MAKER = staff("s-maker", "compliance")
CHECKER = staff("s-checker", "compliance")
SHIPPED = "cn-2026-02"
SHIPPED_PACKS = [document.read() for document in shipped_documents()]


def rule(rule_id: str = "OWN-01", **changes: object) -> dict[str, Any]:
    return {
        "id": rule_id,
        "regulation": "HOUSE",
        "article": "内部制度第一条",
        "status": "read",
        "scope": "product.kind == 'public_fund'",
        "zh": "公募基金暂停销售。",
        "en": "Public funds are not sold for now.",
        "clause": [{"when": "True", "verdict": "BLOCK"}],
        **changes,
    }


@dataclass
class Office(Stack):
    """Editions are new in each test, for they are kept for ever."""

    rules_on: tuple[str, ...] = ()
    packs: packs_pb2_grpc.RulePackServiceStub = field(init=False)
    rehearsals: packs_pb2_grpc.RehearsalServiceStub = field(init=False)

    def connect(self, channel: grpc.Channel) -> None:
        self.stub = suitability_pb2_grpc.SuitabilityServiceStub(channel)
        self.packs = packs_pb2_grpc.RulePackServiceStub(channel)
        self.rehearsals = packs_pb2_grpc.RehearsalServiceStub(channel)

    def offered_products(self, customer_id: str, outcome: str = "ALLOW") -> set[str]:
        request = suitability_pb2.ListEligibleProductsRequest(
            customer_id=customer_id, outcome=outcome, amount="100000"
        )
        answer = self.stub.ListEligibleProducts(request, metadata=as_caller(ADVISER))
        return {one.product_id for one in answer.products}

    def offered_clients(self, product_id: str, outcome: str = "ALLOW") -> set[str]:
        request = suitability_pb2.ListEligibleCustomersRequest(
            product_id=product_id, outcome=outcome, amount="100000"
        )
        answer = self.stub.ListEligibleCustomers(request, metadata=as_caller(ADVISER))
        return {one.customer_id for one in answer.customers}

    def draft(
        self, effective_from: str = "2026-11-23", by: Caller = MAKER, **asked: Any
    ) -> pb.RulePack:
        request = pb.DraftRulePackRequest(
            edition=asked.pop("edition", "own-" + new_id()[-12:]),
            effective_from=effective_from,
            base=asked.pop("base", ""),
            edit=edit(**asked),
            reason="季度复核",
        )
        return self.packs.DraftRulePack(request, metadata=as_caller(by)).pack

    def change(
        self, pack: pb.RulePack, by: Caller = MAKER, follows: str = "", seen: int = 0, **asked: Any
    ) -> pb.RulePack:
        request = pb.ChangeRulePackRequest(
            pack_id=pack.summary.pack_id,
            edition=asked.pop("edition", ""),
            effective_from=asked.pop("effective_from", ""),
            follows=follows,
            edit=edit(**asked),
        )
        condition = (("if-match", f"{pack.summary.pack_id}:{seen}"),) if seen else ()
        return self.packs.ChangeRulePack(request, metadata=(*as_caller(by), *condition)).pack

    def rehearse(self, pack: pb.RulePack, by: Caller = MAKER, since: str = "") -> pb.Rehearsal:
        """To its end."""
        rehearsal = self.start(pack, by, since)
        while self.advance(rehearsal.rehearsal_id):
            pass
        return self.report(rehearsal.rehearsal_id)

    def start(self, pack: pb.RulePack, by: Caller = MAKER, since: str = "") -> pb.Rehearsal:
        request = pb.StartRehearsalRequest(pack_id=pack.summary.pack_id, since=since)
        return self.rehearsals.StartRehearsal(request, metadata=as_caller(by)).rehearsal

    def resume(self) -> bool:
        """As the timer has it done; whether one had stalled."""
        bound = engine(self.url)
        with begin(bound, SqlSuitabilityWork)() as work:
            ours = replace(INSTITUTION, packs=ReleasedPacks(bound, SHIPPED_PACKS, self.rules_on))
            resumed = resume_rehearsal(ResumeRehearsal(at=self.now, institution=ours), work)
            work.commit()
        bound.dispose()
        return resumed

    def advance(self, rehearsal_id: str, *, commit: bool = True) -> bool:
        """One batch, as an event has it done; False when there is nothing more to do."""
        bound = engine(self.url)
        with begin(bound, SqlSuitabilityWork)() as work:
            ours = replace(INSTITUTION, packs=ReleasedPacks(bound, SHIPPED_PACKS, self.rules_on))
            command = AdvanceRehearsal(rehearsal_id=rehearsal_id, at=self.now, institution=ours)
            advance_rehearsal(command, work)
            going_on = work.rehearsals.claim(rehearsal_id).state == "running"
            if commit:
                work.commit()
        bound.dispose()
        return going_on

    def report(self, rehearsal_id: str, by: Caller = CHECKER) -> pb.Rehearsal:
        request = pb.GetRehearsalRequest(rehearsal_id=rehearsal_id)
        return self.rehearsals.GetRehearsal(request, metadata=as_caller(by)).rehearsal

    def tallies(self, rehearsal: pb.Rehearsal, **wanted: Any) -> dict[tuple[str, str, str], Any]:
        """(cases, money) by part, turn and key."""
        request = pb.ListRehearsalTalliesRequest(rehearsal_id=rehearsal.rehearsal_id, **wanted)
        answer = self.rehearsals.ListRehearsalTallies(request, metadata=as_caller(CHECKER))
        return {(one.part, one.turn, one.key): (one.cases, one.money) for one in answer.tallies}

    def cases(self, rehearsal: pb.Rehearsal, **wanted: Any) -> pb.ListRehearsalCasesResponse:
        request = pb.ListRehearsalCasesRequest(rehearsal_id=rehearsal.rehearsal_id, **wanted)
        return self.rehearsals.ListRehearsalCases(request, metadata=as_caller(CHECKER))

    def release(
        self, pack: pb.RulePack, by: Caller = CHECKER, *, rehearsed: bool = True
    ) -> pb.RulePack:
        if rehearsed:
            self.rehearse(pack)
        request = pb.ReleaseRulePackRequest(pack_id=pack.summary.pack_id)
        return self.packs.ReleaseRulePack(request, metadata=as_caller(by)).pack

    def discard(self, pack: pb.RulePack, by: Caller = MAKER) -> None:
        request = pb.DiscardRulePackRequest(pack_id=pack.summary.pack_id)
        self.packs.DiscardRulePack(request, metadata=as_caller(by))

    def pack(self, pack_id: str, by: Caller = CHECKER) -> pb.RulePack:
        request = pb.GetRulePackRequest(pack_id=pack_id)
        return self.packs.GetRulePack(request, metadata=as_caller(by)).pack

    def listed(self, state: str = "", limit: int = 0, cursor: str = "") -> pb.ListRulePacksResponse:
        request = pb.ListRulePacksRequest(state=state, limit=limit, cursor=cursor)
        return self.packs.ListRulePacks(request, metadata=as_caller(CHECKER))

    def differences(self, pack: pb.RulePack, against: str = "") -> dict[str, tuple[str, str]]:
        request = pb.ListRulePackDifferencesRequest(pack_id=pack.summary.pack_id, against=against)
        answer = self.packs.ListRulePackDifferences(request, metadata=as_caller(CHECKER))
        return {f"{one.kind} {one.name}": (one.before, one.after) for one in answer.differences}

    def problems(self, pack: pb.RulePack) -> list[str]:
        request = pb.ListRulePackProblemsRequest(pack_id=pack.summary.pack_id)
        answer = self.packs.ListRulePackProblems(request, metadata=as_caller(CHECKER))
        assert all(one.zh and one.en for one in answer.problems)
        return [one.where for one in answer.problems]

    def exported(self, pack: pb.RulePack) -> str:
        request = pb.GetRulePackExportRequest(pack_id=pack.summary.pack_id)
        return self.packs.GetRulePackExport(request, metadata=as_caller(CHECKER)).pack_json


def edit(**asked: Any) -> pb.PackEdit:
    document, values = asked.pop("document", None), asked.pop("parameters", {})
    return pb.PackEdit(
        document_json=orjson.dumps(document).decode() if document else "",
        parameters={name: orjson.dumps(value).decode() for name, value in values.items()},
        rules=[
            pb.TakenRule(section=section, rule_json=orjson.dumps(one).decode())
            for section, one in asked.pop("rules", ())
        ],
        **asked,
    )

"""SuitabilityService over gRPC."""

from datetime import date
from typing import Any

import grpc
import sqlalchemy as sa

from chassis.clock import Clock
from chassis.custody import Scopes
from chassis.identity import caller
from chassis.ids import new_id
from chassis.inputs import identifier
from chassis.paging import Page
from chassis.runner import Runner
from liheng.suitability.v1 import suitability_pb2 as pb
from liheng.suitability.v1 import suitability_pb2_grpc as rpc
from services.suitability.adapters.queries import SuitabilityQueries
from services.suitability.domain.derivation import derived_again
from services.suitability.domain.institution import Institution
from services.suitability.domain.questionnaire import PERSON
from services.suitability.entrypoints.asking import (
    AUDIENCES,
    asked_message,
    audience,
    questionnaire_message,
    version_message,
)
from services.suitability.entrypoints.eligibility import (
    eligible,
    eligible_clients,
    eligible_clients_message,
    eligible_message,
)
from services.suitability.entrypoints.expiring import profiles_wanted
from services.suitability.entrypoints.marketing import check, checked_message
from services.suitability.entrypoints.reading import asked, asked_of_each, sitting
from services.suitability.entrypoints.shelf import shelf_message, shelf_of
from services.suitability.entrypoints.trials import explained_again, trial, trial_answer
from services.suitability.entrypoints.writing import (
    assessment_message,
    decision_message,
    matched_holding,
    profile_message,
)
from services.suitability.usecases.check_marketing import check_marketing
from services.suitability.usecases.confirm_level import ConfirmLevel, confirm_level
from services.suitability.usecases.decide import Decide, decide
from services.suitability.usecases.decide_shelf import DecideShelf, decide_shelf
from services.suitability.usecases.eligible_customers import Clients, eligible_customers
from services.suitability.usecases.eligible_products import eligible_products
from services.suitability.usecases.next_questionnaire import (
    NextQuestionnaire,
    next_questionnaire,
)
from services.suitability.usecases.ports import SuitabilityWork
from services.suitability.usecases.submit_assessment import SubmitAssessment, submit_assessment
from services.suitability.usecases.try_decision import tried, try_decision


class SuitabilityServicer(rpc.SuitabilityServiceServicer):
    def __init__(
        self,
        run: Runner[SuitabilityWork],
        queries: SuitabilityQueries,
        scopes: Scopes,
        clock: Clock,
        institution: Institution,
        clients: Clients,
    ) -> None:
        self._run = run
        self._queries = queries
        self._scopes = scopes
        self._clock = clock
        self._institution = institution
        self._clients = clients

    def GetQuestionnaire(
        self, request: pb.GetQuestionnaireRequest, context: grpc.ServicerContext
    ) -> pb.GetQuestionnaireResponse:
        known, today = self._institution.questionnaires, self._today()
        if request.version:
            version = identifier(request.version, "version")
            found = known.find(version) or self._queries.answered_questionnaire(version)
        else:
            found = known.for_audience(audience(request.audience or PERSON), today)
        return questionnaire_message(found, known, today)

    def ListQuestionnaires(
        self, request: pb.ListQuestionnairesRequest, context: grpc.ServicerContext
    ) -> pb.ListQuestionnairesResponse:
        known, today = self._institution.questionnaires, self._today()
        wanted = (audience(request.audience),) if request.audience else AUDIENCES
        return pb.ListQuestionnairesResponse(
            questionnaires=[
                version_message(one, known, today)
                for one in known.latest_first
                if one.audience in wanted
            ]
        )

    def GetClientQuestionnaire(
        self, request: pb.GetClientQuestionnaireRequest, context: grpc.ServicerContext
    ) -> pb.GetClientQuestionnaireResponse:
        command = NextQuestionnaire(
            customer_id=identifier(request.customer_id, "customer_id"),
            scope=self._scopes(),
            at=self._clock(),
            institution=self._institution.now(),
        )
        asked = self._run(next_questionnaire, command)
        return asked_message(asked, self._institution.questionnaires, self._today())

    def SubmitAssessment(
        self, request: pb.SubmitAssessmentRequest, context: grpc.ServicerContext
    ) -> pb.SubmitAssessmentResponse:
        command = SubmitAssessment(
            assessment_id=new_id(),
            customer_id=identifier(request.customer_id, "customer_id"),
            sitting=sitting(request, caller().staff_id),
            roles=caller().roles,
            scope=self._scopes(),
            at=self._clock(),
            institution=self._institution.now(),
        )
        self._run(submit_assessment, command)
        return pb.SubmitAssessmentResponse(profile=self._profile(command.customer_id))

    def ConfirmLevel(
        self, request: pb.ConfirmLevelRequest, context: grpc.ServicerContext
    ) -> pb.ConfirmLevelResponse:
        command = ConfirmLevel(
            customer_id=identifier(request.customer_id, "customer_id"),
            level=request.risk_level,
            by=caller().staff_id,
            roles=caller().roles,
            scope=self._scopes(),
            at=self._clock(),
            institution=self._institution.now(),
        )
        self._run(confirm_level, command)
        return pb.ConfirmLevelResponse(profile=self._profile(command.customer_id))

    def GetRiskProfile(
        self, request: pb.GetRiskProfileRequest, context: grpc.ServicerContext
    ) -> pb.GetRiskProfileResponse:
        customer_id = identifier(request.customer_id, "customer_id")
        return pb.GetRiskProfileResponse(profile=self._profile(customer_id))

    def GetAssessment(
        self, request: pb.GetAssessmentRequest, context: grpc.ServicerContext
    ) -> pb.GetAssessmentResponse:
        row = self._queries.assessment(identifier(request.assessment_id, "assessment_id"))
        return assessment_message(row, self._profile_message(row, None))

    def ListRiskProfiles(
        self, request: pb.ListRiskProfilesRequest, context: grpc.ServicerContext
    ) -> pb.ListRiskProfilesResponse:
        page = Page.asked(request.limit, request.cursor)
        wanted = profiles_wanted(request, self._today())
        rows, following = self._queries.profiles(wanted, page)
        return pb.ListRiskProfilesResponse(
            profiles=[self._profile_message(row, row.standing_level) for row in rows],
            next_cursor=following,
        )

    def ListAssessments(
        self, request: pb.ListAssessmentsRequest, context: grpc.ServicerContext
    ) -> pb.ListAssessmentsResponse:
        page = Page.asked(request.limit, request.cursor)
        customer_id = identifier(request.customer_id, "customer_id")
        rows, following = self._queries.assessments(customer_id, page)
        return pb.ListAssessmentsResponse(
            assessments=[self._profile_message(row, None) for row in rows],
            next_cursor=following,
        )

    def Decide(self, request: pb.DecideRequest, context: grpc.ServicerContext) -> pb.DecideResponse:
        command = Decide(
            decision_id=new_id(),
            sale_id=identifier(request.sale_id, "sale_id") if request.sale_id else "",
            customer_id=identifier(request.customer_id, "customer_id"),
            product_id=identifier(request.product_id, "product_id"),
            asked=asked(request),
            by=caller().staff_id,
            scope=self._scopes(),
            at=self._clock(),
            institution=self._institution.now(),
        )
        match = self._run(decide, command)
        return pb.DecideResponse(decision=decision_message(match, command.at, whole=True))

    def GetDecision(
        self, request: pb.GetDecisionRequest, context: grpc.ServicerContext
    ) -> pb.GetDecisionResponse:
        decision_id = identifier(request.decision_id, "decision_id")
        return pb.GetDecisionResponse(decision=self._decision(decision_id))

    def ListDecisions(
        self, request: pb.ListDecisionsRequest, context: grpc.ServicerContext
    ) -> pb.ListDecisionsResponse:
        wanted = {
            name: str(getattr(request, name))
            for name in ("customer_id", "product_id", "sale_id", "outcome")
        }
        page = Page.asked(request.limit, request.cursor)
        rows, following = self._queries.decisions(wanted, page)
        now = self._clock()
        return pb.ListDecisionsResponse(
            decisions=[decision_message(row, now, whole=False) for row in rows],
            next_cursor=following,
        )

    def ListHoldingMatches(
        self, request: pb.ListHoldingMatchesRequest, context: grpc.ServicerContext
    ) -> pb.ListHoldingMatchesResponse:
        wanted = {
            name: str(getattr(request, name)) for name in ("customer_id", "product_id", "fit")
        }
        page = Page.asked(request.limit, request.cursor)
        rows, following = self._queries.holdings(wanted, page)
        return pb.ListHoldingMatchesResponse(
            holdings=map(matched_holding, rows), next_cursor=following
        )

    def ListEligibleProducts(
        self, request: pb.ListEligibleProductsRequest, context: grpc.ServicerContext
    ) -> pb.ListEligibleProductsResponse:
        command = eligible(request, self._scopes(), self._clock(), self._institution.now())
        found = self._run(eligible_products, command)
        return eligible_message(found, command.limit)

    def ListEligibleCustomers(
        self, request: pb.ListEligibleCustomersRequest, context: grpc.ServicerContext
    ) -> pb.ListEligibleCustomersResponse:
        command = eligible_clients(
            request, self._scopes(), self._clock(), self._institution.now(), self._clients
        )
        found = self._run(eligible_customers, command)
        return eligible_clients_message(found, command.limit)

    def DecideShelf(
        self, request: pb.DecideShelfRequest, context: grpc.ServicerContext
    ) -> pb.DecideShelfResponse:
        command = DecideShelf(
            customer_id=identifier(request.customer_id, "customer_id"),
            product_ids=shelf_of(request),
            asked=asked_of_each(request),
            scope=self._scopes(),
            at=self._clock(),
            institution=self._institution.now(),
        )
        found = self._run(decide_shelf, command)
        return pb.DecideShelfResponse(decisions=map(shelf_message, found))

    def TryDecision(  # type: ignore[override]  # as it is sent, which the border takes too
        self, request: pb.TryDecisionRequest, context: grpc.ServicerContext
    ) -> bytes:
        command = trial(request, self._scopes, self._clock(), self._institution.recently())
        if command.needs_nothing_known:
            decision = tried(command)
        else:
            decision = self._run(try_decision, command)
        return trial_answer(command, decision)

    def ExplainDecision(
        self, request: pb.ExplainDecisionRequest, context: grpc.ServicerContext
    ) -> pb.ExplainDecisionResponse:
        row = self._queries.decision(identifier(request.decision_id, "decision_id"))
        derived = derived_again(row.receipt, self._institution.packs.now())
        return explained_again(row.decision_id, derived)

    def CheckMarketing(
        self, request: pb.CheckMarketingRequest, context: grpc.ServicerContext
    ) -> pb.CheckMarketingResponse:
        command = check(request, self._today())
        found = check_marketing(command, self._institution.marketing_words)
        return checked_message(command, found)

    def _profile(self, customer_id: str) -> pb.RiskProfile:
        row = self._queries.profile(customer_id)
        return self._profile_message(row, row.standing_level)

    def _profile_message(self, row: sa.Row[Any], standing_level: str | None) -> pb.RiskProfile:
        today = self._today()
        known = self._institution.questionnaires
        name = known.level_name_zh(row.level, row.questionnaire_version, today)
        return profile_message(row, today, name, standing_level)

    def _decision(self, decision_id: str) -> pb.Decision:
        row = self._queries.decision(decision_id)
        return decision_message(row, self._clock(), whole=True)

    def _today(self) -> date:
        return self._institution.day(self._clock())

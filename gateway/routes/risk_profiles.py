"""/customers/{customer_id}/risk-profile, /assessments and /questionnaires."""

from gateway.operation import Asked, Routes
from gateway.schemas import suitability as schemas
from gateway.schemas.paging import PageAsked
from gateway.schemas.shown import page_of
from gateway.sentences import Sentence
from liheng.suitability.v1 import suitability_pb2 as pb

risk_profiles = Routes("suitability")


@risk_profiles.get(
    "/questionnaires/current",
    permission="questionnaire.read",
    summary=Sentence("The questionnaire in force", "现行风险测评问卷"),
    query=schemas.QuestionnaireAsked,
    shows=schemas.Questionnaire,
    refusals=frozenset({404}),
)
async def get_questionnaire(asked: Asked) -> pb.GetQuestionnaireResponse:
    request = pb.GetQuestionnaireRequest(**asked.query)
    return await asked.call(asked.services.suitability.GetQuestionnaire, request)


@risk_profiles.get(
    "/customers/{customer_id}/risk-profile",
    permission="profile.read",
    summary=Sentence("The risk profile in force", "现行风险等级"),
    shows=schemas.RiskProfile,
)
async def get_risk_profile(asked: Asked) -> pb.RiskProfile:
    request = pb.GetRiskProfileRequest(**asked.path)
    return (await asked.call(asked.services.suitability.GetRiskProfile, request)).profile


@risk_profiles.post(
    "/customers/{customer_id}/risk-profile/confirmations",
    permission="level.confirm",
    summary=Sentence("The client confirms a changed level", "客户确认变化后的风险等级"),
    body=schemas.LevelConfirmation,
    shows=schemas.RiskProfile,
    status=201,
)
async def confirm_level(asked: Asked) -> pb.RiskProfile:
    request = pb.ConfirmLevelRequest(**asked.path, **asked.body)
    return (await asked.call(asked.services.suitability.ConfirmLevel, request)).profile


@risk_profiles.get(
    "/customers/{customer_id}/assessments",
    permission="profile.read",
    summary=Sentence("A client's assessments, newest first", "客户历次风险测评"),
    query=PageAsked,
    shows=page_of(schemas.RiskProfile, "assessments"),
)
async def list_assessments(asked: Asked) -> pb.ListAssessmentsResponse:
    request = pb.ListAssessmentsRequest(**asked.path, **asked.query)
    return await asked.call(asked.services.suitability.ListAssessments, request)


@risk_profiles.post(
    "/customers/{customer_id}/assessments",
    permission="assessment.submit",
    summary=Sentence("The client answers the questionnaire, alone", "客户本人完成风险测评"),
    body=schemas.Assessment,
    shows=schemas.RiskProfile,
    status=201,
)
async def submit_assessment(asked: Asked) -> pb.RiskProfile:
    request = pb.SubmitAssessmentRequest(**asked.path, **asked.body)
    return (await asked.call(asked.services.suitability.SubmitAssessment, request)).profile

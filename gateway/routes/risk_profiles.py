"""/customers/{customer_id}/risk-profile, /questionnaire, /assessments; and /questionnaires."""

from gateway.operation import Asked, Routes
from gateway.schemas import risk_profiles as schemas
from gateway.schemas.paging import PageAsked
from gateway.schemas.shown import all_of, page_of
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
    "/questionnaires",
    permission="questionnaire.read",
    summary=Sentence("All versions of the questionnaires", "风险测评问卷的各个版本"),
    query=schemas.QuestionnaireAsked,
    shows=all_of(schemas.QuestionnaireVersion, "questionnaires"),
)
async def list_questionnaires(asked: Asked) -> pb.ListQuestionnairesResponse:
    request = pb.ListQuestionnairesRequest(**asked.query)
    return await asked.call(asked.services.suitability.ListQuestionnaires, request)


@risk_profiles.get(
    "/questionnaires/{questionnaire_version}",
    permission="questionnaire.read",
    summary=Sentence("One version of a questionnaire", "某一版本的风险测评问卷"),
    shows=schemas.Questionnaire,
)
async def get_questionnaire_version(asked: Asked) -> pb.GetQuestionnaireResponse:
    request = pb.GetQuestionnaireRequest(version=asked.path["questionnaire_version"])
    return await asked.call(asked.services.suitability.GetQuestionnaire, request)


@risk_profiles.get(
    "/customers/{customer_id}/questionnaire",
    permission="profile.read",
    summary=Sentence(
        "What this client is asked next, and whether they may answer now",
        "该客户应填写的问卷，以及现在能否填写",
    ),
    shows=schemas.ClientQuestionnaire,
)
async def get_client_questionnaire(asked: Asked) -> pb.GetClientQuestionnaireResponse:
    request = pb.GetClientQuestionnaireRequest(**asked.path)
    return await asked.call(asked.services.suitability.GetClientQuestionnaire, request)


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
    "/risk-profiles",
    permission="profiles.read",
    summary=Sentence(
        "Risk profiles of the clients one serves, by their last valid day",
        "所服务客户的风险等级，按有效期排序",
    ),
    query=schemas.RiskProfilesAsked,
    shows=page_of(schemas.ProfileInForce, "profiles"),
)
async def list_risk_profiles(asked: Asked) -> pb.ListRiskProfilesResponse:
    request = pb.ListRiskProfilesRequest(**asked.query)
    return await asked.call(asked.services.suitability.ListRiskProfiles, request)


@risk_profiles.get(
    "/assessments/{assessment_id}",
    permission="assessment.read",
    summary=Sentence(
        "How an assessment came about: who, on what device, from when to when",
        "一次风险测评的作答人、设备与起止时间",
    ),
    shows=schemas.AssessmentDetail,
)
async def get_assessment(asked: Asked) -> pb.GetAssessmentResponse:
    request = pb.GetAssessmentRequest(**asked.path)
    return await asked.call(asked.services.suitability.GetAssessment, request)


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

"""Questionnaires, profiles and decisions."""

from liheng.suitability.v1 import suitability_pb2 as pb
from liheng.suitability.v1.events_pb2 import Obligation
from tests.gateway.cases.case import NOON_SHOWN, NOON_STAMP, Case

PROFILE = pb.RiskProfile(
    customer_id="c-1", assessment_id="a-1", risk_level="C3", score=-1, state="current"
)
DECISION = pb.Decision(
    decision_id="d-1",
    customer_id="c-1",
    product_id="P1",
    outcome="REQUIRE",
    requires=["mismatch_warning"],
    obligations=[Obligation(name="cooling_off", parameters={"hours": "24"}, rule_id="PF-04")],
    rules=[pb.RuleFinding(rule_id="PF-04", facts={"age": "66"}, zh="规则", en="rule")],
    decided_at=NOON_STAMP,
    digest="ab",
    receipt_json='{"a":1}',
)

CASES = [
    Case(
        operation="get_questionnaire",
        path="/questionnaires/current",
        role="client_channel",
        query={"audience": "person"},
        rpc="GetQuestionnaire",
        request=pb.GetQuestionnaireRequest(audience="person"),
        answer=pb.GetQuestionnaireResponse(
            questionnaire_id="q-1",
            questions=[pb.Question(question_id="q1", answers=[pb.Answer(answer_id="a")])],
        ),
    ),
    Case(
        operation="list_questionnaires",
        path="/questionnaires",
        role="client_channel",
        query={"audience": "company"},
        rpc="ListQuestionnaires",
        request=pb.ListQuestionnairesRequest(audience="company"),
        answer=pb.ListQuestionnairesResponse(
            questionnaires=[
                pb.QuestionnaireVersion(
                    questionnaire_id="company", version="company-2026-1", question_count=15
                )
            ]
        ),
    ),
    Case(
        operation="get_questionnaire_version",
        path="/questionnaires/company-2026-1",
        role="auditor",
        rpc="GetQuestionnaire",
        request=pb.GetQuestionnaireRequest(version="company-2026-1"),
        answer=pb.GetQuestionnaireResponse(
            questionnaire_id="company",
            version="company-2026-1",
            audience="company",
            effective_from="2026-02-01",
            state="current",
        ),
        shows={"audience": "company", "effective_until": None},
    ),
    Case(
        operation="get_client_questionnaire",
        path="/customers/c-1/questionnaire",
        role="client_channel",
        rpc="GetClientQuestionnaire",
        request=pb.GetClientQuestionnaireRequest(customer_id="c-1"),
        answer=pb.GetClientQuestionnaireResponse(
            questionnaire=pb.GetQuestionnaireResponse(
                questionnaire_id="person", version="person-2026-1"
            ),
            left_today=0,
            left_in_window=6,
            next_on="2026-11-24",
        ),
        shows={"may_answer": False, "left_in_window": 6, "next_on": "2026-11-24"},
    ),
    Case(
        operation="get_risk_profile",
        path="/customers/c-1/risk-profile",
        role="adviser",
        rpc="GetRiskProfile",
        request=pb.GetRiskProfileRequest(customer_id="c-1"),
        answer=pb.GetRiskProfileResponse(profile=PROFILE),
        shows={"risk_level": "C3", "score": -1},
    ),
    Case(
        operation="confirm_level",
        path="/customers/c-1/risk-profile/confirmations",
        role="client_channel",
        json={"risk_level": "C3"},
        rpc="ConfirmLevel",
        request=pb.ConfirmLevelRequest(customer_id="c-1", risk_level="C3"),
        answer=pb.ConfirmLevelResponse(profile=PROFILE),
        status=201,
    ),
    Case(
        operation="list_assessments",
        path="/customers/c-1/assessments",
        role="adviser",
        rpc="ListAssessments",
        request=pb.ListAssessmentsRequest(customer_id="c-1"),
        answer=pb.ListAssessmentsResponse(assessments=[PROFILE]),
    ),
    Case(
        operation="list_risk_profiles",
        path="/risk-profiles",
        role="adviser",
        query={"expiring_within": "30d", "state": "current", "sort": "-valid_until"},
        rpc="ListRiskProfiles",
        request=pb.ListRiskProfilesRequest(
            expiring_within="30d", state="current", sort="-valid_until"
        ),
        answer=pb.ListRiskProfilesResponse(profiles=[PROFILE]),
    ),
    Case(
        operation="get_assessment",
        path="/assessments/a-1",
        role="compliance",
        rpc="GetAssessment",
        request=pb.GetAssessmentRequest(assessment_id="a-1"),
        answer=pb.GetAssessmentResponse(
            assessment=PROFILE, author="client-app", device="phone-1", ended_at=NOON_STAMP
        ),
        shows={"device": "phone-1", "started_at": None, "ended_at": NOON_SHOWN},
    ),
    Case(
        operation="submit_assessment",
        path="/customers/c-1/assessments",
        role="client_channel",
        json={
            "questionnaire_version": "2026.1",
            "answers": {"q1": "a"},
            "device": "phone-1",
            "started_at": "2026-11-23T20:00:00+08:00",
            "ended_at": NOON_SHOWN,
        },
        rpc="SubmitAssessment",
        request=pb.SubmitAssessmentRequest(
            customer_id="c-1",
            questionnaire_version="2026.1",
            answers={"q1": "a"},
            device="phone-1",
            started_at=NOON_STAMP,
            ended_at=NOON_STAMP,
        ),
        answer=pb.SubmitAssessmentResponse(profile=PROFILE),
        status=201,
    ),
    Case(
        operation="decide",
        path="/decisions",
        role="adviser",
        json={
            "customer_id": "c-1",
            "product_id": "P1",
            "amount": "1000000.00",
            "channel": "branch",
            "initiated_by": "staff",
            "steps": ["application"],
            "recording_consent": True,
            "insurance": {"budget": "10.00"},
        },
        rpc="Decide",
        request=pb.DecideRequest(
            customer_id="c-1",
            product_id="P1",
            amount="1000000.00",
            channel="branch",
            initiated_by="staff",
            steps=["application"],
            recording_consent=True,
            insurance=pb.InsurancePremium(budget="10.00"),
        ),
        answer=pb.DecideResponse(decision=DECISION),
        status=201,
        location="/v1/decisions/d-1",
        shows={"outcome": "REQUIRE", "decided_at": NOON_SHOWN, "valid_until": None},
    ),
    Case(
        operation="try_decision",
        path="/trial-decisions",
        role="adviser",
        json={"product_id": "P1", "customer": {"born_on": "1980-05-01", "nickname": ["Bo"]}},
        rpc="TryDecision",
        request=pb.TryDecisionRequest(
            product_id="P1",
            facts_json='{"customer":{"born_on":"1980-05-01","nickname":["Bo"]}}',
        ),
        answer=pb.TryDecisionResponse(
            trial=pb.Trial(
                product_id="P1",
                outcome="REQUIRE",
                rules=[pb.RuleFinding(rule_id="PF-04", facts={"age": "66"}, zh="规则", en="rule")],
                valid_until=NOON_STAMP,
                warnings=[pb.Warning(field="customer.nickname", zh="未知", en="not known")],
                receipt_json='{"a":1}',
            )
        ),
        shows={"customer_id": None, "outcome": "REQUIRE", "valid_until": NOON_SHOWN},
    ),
    Case(
        operation="explain_decision",
        path="/decisions/d-1/explanation",
        role="compliance",
        rpc="ExplainDecision",
        request=pb.ExplainDecisionRequest(decision_id="d-1"),
        answer=pb.ExplainDecisionResponse(
            decision_id="d-1",
            zh="不一致",
            en="differs",
            differences=[pb.Difference(path="outcome", receipt_json='"ALLOW"')],
            outcome="BLOCK",
        ),
        shows={
            "identical": False,
            "differences": [{"path": "outcome", "receipt_json": '"ALLOW"', "derived_json": None}],
        },
    ),
    Case(
        operation="check_marketing",
        path="/marketing-checks",
        role="adviser",
        json={"texts": ["保\u200b本高收益"], "channel": "online"},
        rpc="CheckMarketing",
        request=pb.CheckMarketingRequest(texts=["保\u200b本高收益"], channel="online"),
        answer=pb.CheckMarketingResponse(
            findings=[
                pb.MarketingFinding(end=3, found="保\u200b本", word="保本", rule_id="MKT-01")
            ],
            total=1,
            words_version="v-1",
            requires=["product_kind"],
        ),
        shows={"total": 1, "requires": ["product_kind"]},
    ),
    Case(
        operation="list_decisions",
        path="/decisions",
        role="adviser",
        query={"customer_id": "c-1", "outcome": "BLOCK"},
        rpc="ListDecisions",
        request=pb.ListDecisionsRequest(customer_id="c-1", outcome="BLOCK"),
        answer=pb.ListDecisionsResponse(decisions=[DECISION]),
    ),
    Case(
        operation="list_eligible_products",
        path="/customers/c-1/eligible-products",
        role="adviser",
        query={"outcome": "any", "kind": "public_fund", "amount": "1000.00"},
        rpc="ListEligibleProducts",
        request=pb.ListEligibleProductsRequest(
            customer_id="c-1", outcome="any", kind="public_fund", amount="1000.00"
        ),
        answer=pb.ListEligibleProductsResponse(
            products=[
                pb.EligibleProduct(
                    product_id="P1",
                    outcome="BLOCK",
                    reasons=[pb.RuleFinding(rule_id="MAT-06", zh="规则", en="rule")],
                )
            ]
        ),
    ),
    Case(
        operation="list_holding_matches",
        path="/holding-matches",
        role="adviser",
        query={"product_id": "P1", "fit": "mismatch"},
        rpc="ListHoldingMatches",
        request=pb.ListHoldingMatchesRequest(product_id="P1", fit="mismatch"),
        answer=pb.ListHoldingMatchesResponse(
            holdings=[
                pb.MatchedHolding(
                    customer_id="c-1",
                    product_id="P1",
                    fit="mismatch",
                    client_level="C2",
                    product_level="R4",
                    rule_ids=["MAT-05"],
                    rule_pack="cn-2026-02",
                    level_until="2027-11-23",
                    matched_at=NOON_STAMP,
                )
            ]
        ),
    ),
    Case(
        operation="list_eligible_customers",
        path="/products/P1/eligible-customers",
        role="adviser",
        query={"outcome": "any", "amount": "1000.00", "limit": "5"},
        rpc="ListEligibleCustomers",
        request=pb.ListEligibleCustomersRequest(
            product_id="P1", outcome="any", amount="1000.00", limit=5
        ),
        answer=pb.ListEligibleCustomersResponse(
            customers=[
                pb.EligibleCustomer(
                    customer_id="c-1",
                    outcome="BLOCK",
                    reasons=[pb.RuleFinding(rule_id="MAT-06", zh="规则", en="rule")],
                )
            ]
        ),
    ),
    Case(
        operation="decide_shelf",
        path="/customers/c-1/shelf-decisions",
        role="adviser",
        json={"product_ids": ["P1", "P2"], "channel": "branch", "initiated_by": "client"},
        rpc="DecideShelf",
        request=pb.DecideShelfRequest(
            customer_id="c-1", product_ids=["P1", "P2"], channel="branch", initiated_by="client"
        ),
        answer=pb.DecideShelfResponse(
            decisions=[
                pb.ShelfDecision(product_id="P1", outcome="ALLOW"),
                pb.ShelfDecision(
                    product_id="P2",
                    error=pb.ShelfError(code="product_not_known", en="not known", zh="未知"),
                ),
            ]
        ),
    ),
    Case(
        operation="get_decision",
        path="/decisions/d-1",
        role="adviser",
        rpc="GetDecision",
        request=pb.GetDecisionRequest(decision_id="d-1"),
        answer=pb.GetDecisionResponse(decision=DECISION),
        shows={
            "obligations": [
                {"name": "cooling_off", "parameters": {"hours": "24"}, "rule_id": "PF-04"}
            ]
        },
    ),
    Case(
        operation="get_receipt",
        path="/decisions/d-1/receipt",
        role="compliance",
        rpc="GetDecision",
        request=pb.GetDecisionRequest(decision_id="d-1"),
        answer=pb.GetDecisionResponse(decision=DECISION),
        shows={"decision_id": "d-1", "digest": "ab", "receipt_json": '{"a":1}'},
    ),
]

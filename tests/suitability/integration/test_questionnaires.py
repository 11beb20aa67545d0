"""Questionnaires over gRPC: which one a client answers, and what stays of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis.config import ConfigurationError
from chassis.errors import Conflict, Invalid, NotFound, RuleBroken
from chassis.identity import Caller
from chassis.scope import Reach
from liheng.suitability.v1 import suitability_pb2 as pb
from liheng.suitability.v1 import suitability_pb2_grpc
from services.suitability.adapters.questionnaires import SHIPPED
from services.suitability.bootstrap import rpc as suitability_rpc
from services.suitability.config import SuitabilityConfig
from tests.calling import CALLER_KEY, as_caller, refusal, served
from tests.suitability.integration.stage import ADVISER, CLIENT_APP, Stack
from tests.suitability.samples import COMPANY_QUESTIONNAIRE, QUESTIONNAIRE

TOMORROW = timedelta(days=1)


def config(url: str, own: str = "") -> SuitabilityConfig:
    return SuitabilityConfig(
        database_url=url,
        amqp_url="",
        rpc_address="127.0.0.1:0",
        caller_key=CALLER_KEY,
        licence="fund_distributor",
        questionnaires=own,
    )


@contextmanager
def running(url: str, own: str = "") -> Iterator[Stack]:
    stack = Stack(url)
    with served(suitability_rpc(config(url, own), stack.clock)) as channel:
        stack.stub = suitability_pb2_grpc.SuitabilityServiceStub(channel)
        yield stack


@pytest.fixture(scope="module")
def server(postgres_url: Callable[[str], str]) -> Iterator[Stack]:
    with running(postgres_url("suitability")) as stack:
        yield stack


@pytest.fixture
def stack(server: Stack) -> Stack:
    server.now = datetime(2026, 11, 23, 4, tzinfo=UTC)
    return server


def asked(
    stack: Stack, customer_id: str, caller: Caller = CLIENT_APP
) -> pb.GetClientQuestionnaireResponse:
    request = pb.GetClientQuestionnaireRequest(customer_id=customer_id)
    return stack.stub.GetClientQuestionnaire(request, metadata=as_caller(caller))


def questionnaire(stack: Stack, **said: str) -> pb.GetQuestionnaireResponse:
    request = pb.GetQuestionnaireRequest(**said)
    return stack.stub.GetQuestionnaire(request, metadata=as_caller(CLIENT_APP))


def test_an_institution_is_assessed_by_what_institutions_are_asked(stack: Stack) -> None:
    stack.know("q-firm", whose_kind="company")

    theirs = asked(stack, "q-firm")
    profile = stack.assess_institution("q-firm", "highest")
    wrong = refusal(lambda: stack.assess("q-firm"))

    assert theirs.questionnaire.version == COMPANY_QUESTIONNAIRE.version
    assert "score" not in str(theirs.questionnaire)
    assert (profile.risk_level, profile.lowest_category) == ("C5", False)
    assert profile.questionnaire_digest == COMPANY_QUESTIONNAIRE.digest
    assert isinstance(wrong, Invalid)
    assert wrong.code == "other_audience"


def test_a_client_hears_when_they_may_answer_next(stack: Stack) -> None:
    stack.know("q-often")

    first = asked(stack, "q-often")
    stack.assess("q-often")
    stack.assess("q-often")
    after = asked(stack, "q-often")
    refused = refusal(lambda: stack.assess("q-often"))
    stack.now += TOMORROW
    tomorrow = asked(stack, "q-often")

    assert (first.may_answer, first.left_today, first.left_in_window) == (True, 2, 8)
    assert (after.may_answer, after.left_today, after.next_on) == (False, 0, "2026-11-24")
    assert isinstance(refused, RuleBroken)
    assert after.next_on in refused.en
    assert (tomorrow.may_answer, tomorrow.left_today, tomorrow.left_in_window) == (True, 2, 6)


def test_what_somebody_elses_client_is_asked_is_not_told(stack: Stack) -> None:
    stack.know("q-theirs")
    stranger = Caller("s-far", frozenset({"adviser"}), "t-9", "b-9", reach=Reach.OWN)

    theirs = refusal(lambda: asked(stack, "q-theirs", stranger))
    nobodys = refusal(lambda: asked(stack, "q-nobody", stranger))

    assert isinstance(theirs, NotFound)
    assert vars(theirs) == vars(nobodys)
    assert asked(stack, "q-theirs", ADVISER).may_answer


def test_all_versions_are_listed_and_each_is_shown(stack: Stack) -> None:
    request = pb.ListQuestionnairesRequest(audience="company")

    listed = stack.stub.ListQuestionnaires(request, metadata=as_caller(ADVISER)).questionnaires
    shown = questionnaire(stack, version=COMPANY_QUESTIONNAIRE.version)

    assert [one.version for one in listed] == [COMPANY_QUESTIONNAIRE.version]
    assert (listed[0].state, listed[0].question_count) == ("current", 15)
    assert (shown.audience, shown.effective_from) == ("company", "2026-02-01")
    assert shown == questionnaire(stack, audience="company")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"audience": "pigeons"}, Invalid),
        ({"version": "never-1"}, NotFound),
        ({"version": "a b"}, Invalid),
    ],
)
def test_a_questionnaire_that_is_not_there_is_refused(
    stack: Stack, said: dict[str, str], kind: type
) -> None:
    assert isinstance(refusal(lambda: questionnaire(stack, **said)), kind)


OWN = """
version = "house-1"
effective_from = 2026-11-24
based_on = "person-2026-1"
"""


def test_another_version_takes_over_and_the_old_answers_stay_explained(
    postgres_url: Callable[[str], str], tmp_path: Path
) -> None:
    (tmp_path / "house-1.toml").write_text(OWN, encoding="utf-8")
    url = postgres_url("suitability")
    with running(url, str(tmp_path)) as stack:
        stack.know("q-own")
        stack.assess("q-own")
        stack.now += TOMORROW
        late = refusal(lambda: stack.assess("q-own"))
        now = asked(stack, "q-own").questionnaire
        then = questionnaire(stack, version=QUESTIONNAIRE.version)
        stack.assess("q-own", version="house-1")
        history = stack.stub.ListAssessments(
            pb.ListAssessmentsRequest(customer_id="q-own"), metadata=as_caller(ADVISER)
        ).assessments
    (tmp_path / "house-1.toml").unlink()
    with running(url) as stack:
        gone = questionnaire(stack, version="house-1")

    assert isinstance(late, Conflict)
    assert "house-1" in late.en
    assert "house-1" in late.zh
    assert (now.version, now.state) == ("house-1", "current")
    assert (then.state, then.effective_until) == ("former", "2026-11-23")
    assert [one.questionnaire_version for one in history] == ["house-1", QUESTIONNAIRE.version]
    assert history[0].questionnaire_digest == now.digest == gone.digest
    assert gone.questions == now.questions


def test_the_service_does_not_start_with_another_content_of_a_version_that_was_answered(
    postgres_url: Callable[[str], str], tmp_path: Path
) -> None:
    file = tmp_path / "edited.toml"
    file.write_text(OWN.replace("house-1", "edited-1"), encoding="utf-8")
    url = postgres_url("suitability")
    with running(url, str(tmp_path)) as stack:
        stack.know("q-edited")
        stack.now += TOMORROW
        stack.assess("q-edited", version="edited-1")
    text = (SHIPPED / "person-2026-1.toml").read_text(encoding="utf-8")
    text = text.replace("person-2026-1", "edited-1").replace("2026-02-01", "2026-11-24")

    file.write_text(text, encoding="utf-8")
    suitability_rpc(config(url, str(tmp_path)), stack.clock).close()
    file.write_text(text.replace("score = 9 }", "score = 8 }", 1), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="edited-1 was answered with other content"):
        suitability_rpc(config(url, str(tmp_path)), stack.clock)

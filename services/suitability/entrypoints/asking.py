"""Questionnaires as callers read them: never what an answer is worth."""

from datetime import date

from chassis.errors import Invalid
from liheng.suitability.v1 import suitability_pb2 as pb
from services.suitability.domain.questionnaire import COMPANY, PERSON, Question, Questionnaire
from services.suitability.domain.questionnaires import Questionnaires
from services.suitability.usecases.next_questionnaire import Asked

AUDIENCES = (PERSON, COMPANY)


def audience(asked: str) -> str:
    if asked in AUDIENCES:
        return asked
    known = ", ".join(AUDIENCES)
    raise Invalid(
        "unknown_audience", f"must be one of: {known}", f"只能是：{known}", field="audience"
    )


def questionnaire_message(
    one: Questionnaire, known: Questionnaires, today: date
) -> pb.GetQuestionnaireResponse:
    until = known.until(one)
    return pb.GetQuestionnaireResponse(
        questionnaire_id=one.id,
        version=one.version,
        questions=map(_question, one.questions),
        audience=one.audience,
        effective_from=one.effective_from.isoformat(),
        effective_until=until.isoformat() if until else "",
        state=_state(one, until, today),
        digest=one.digest,
    )


def version_message(
    one: Questionnaire, known: Questionnaires, today: date
) -> pb.QuestionnaireVersion:
    until = known.until(one)
    return pb.QuestionnaireVersion(
        questionnaire_id=one.id,
        version=one.version,
        audience=one.audience,
        effective_from=one.effective_from.isoformat(),
        effective_until=until.isoformat() if until else "",
        state=_state(one, until, today),
        digest=one.digest,
        question_count=len(one.questions),
    )


def asked_message(
    asked: Asked, known: Questionnaires, today: date
) -> pb.GetClientQuestionnaireResponse:
    attempts, limits = asked.attempts, asked.limits
    return pb.GetClientQuestionnaireResponse(
        questionnaire=questionnaire_message(asked.questionnaire, known, today),
        may_answer=attempts.next_on == today,
        left_today=attempts.left_today,
        left_in_window=attempts.left_in_window,
        next_on=attempts.next_on.isoformat(),
        per_day=limits.per_day,
        per_window=limits.per_window,
        window_months=limits.window_months,
        valid_months=limits.valid_months,
    )


def _question(question: Question) -> pb.Question:
    answers = [
        pb.Answer(answer_id=answer.id, zh=answer.zh, en=answer.en) for answer in question.answers
    ]
    return pb.Question(question_id=question.id, zh=question.zh, en=question.en, answers=answers)


def _state(one: Questionnaire, until: date | None, today: date) -> str:
    if until is not None and until < max(today, one.effective_from):
        return "former"
    return "current" if one.effective_from <= today else "upcoming"

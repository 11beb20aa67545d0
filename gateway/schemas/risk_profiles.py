"""Questionnaires, assessments and risk profiles."""

from marshmallow import fields

from gateway.schemas import shown, taken
from gateway.schemas.customers import LEVELS
from gateway.schemas.paging import PageAsked, sorted_by
from gateway.sentences import Sentence

OUTCOMES = ("ALLOW", "REQUIRE", "BLOCK")
FITS = ("matches", "mismatch", "undetermined")
STEPS = ("application", "written_warning", "confirmation", "insists")


class Period(taken.Text):
    """A number of days, as services read it."""

    pattern = r"^[0-9]{1,3}d$"
    longest = None
    complaint = Sentence("Must be a number of days such as 30d", "须为天数，例如 30d")


class PossibleAnswer(shown.Shown):
    answer_id = shown.Id()
    zh = shown.Text()
    en = shown.Text()


class Question(shown.Shown):
    question_id = shown.Id()
    zh = shown.Text()
    en = shown.Text()
    answers = shown.Parts(PossibleAnswer)


class Questionnaire(shown.Shown):
    questionnaire_id = shown.Id()
    version = shown.Text()
    questions = shown.Parts(Question)
    audience = shown.Text("person, or company for institutions of every kind")
    effective_from = shown.Day()
    effective_until = shown.Day("its last day; null while nothing follows")
    state = shown.Text("current, upcoming, former")
    digest = shown.Text("SHA-256 of all that is asked and what it is worth")


class QuestionnaireVersion(shown.Shown):
    questionnaire_id = shown.Id()
    version = shown.Text()
    audience = shown.Text("person, or company for institutions of every kind")
    effective_from = shown.Day()
    effective_until = shown.Day("its last day; null while nothing follows")
    state = shown.Text("current, upcoming, former")
    digest = shown.Text("SHA-256 of all that is asked and what it is worth")
    question_count = shown.Count()


class ClientQuestionnaire(shown.Shown):
    """What a client is asked next, and whether that may be now (ASM-02)."""

    questionnaire = shown.Part(Questionnaire)
    may_answer = shown.Flag()
    left_today = shown.Count()
    left_in_window = shown.Count()
    next_on = shown.Day("the first day with an attempt left, today or later")
    per_day = shown.Count()
    per_window = shown.Count()
    window_months = shown.Count()
    valid_months = shown.Count()


class QuestionnaireAsked(taken.Strict):
    audience = taken.Choice("person", "company")


class RiskProfile(shown.Shown):
    customer_id = shown.Id()
    assessment_id = shown.Text()
    risk_level = shown.Text("C1 to C5")
    risk_level_name_zh = shown.Text()
    lowest_category = shown.Flag()
    previous_risk_level = shown.Text()
    reconfirmation_needed = shown.Flag()
    score = fields.Integer(required=True, metadata={"description": "-1 when not from questions"})
    assessed_on = shown.Day()
    valid_until = shown.Day()
    state = shown.Text("current, expired")
    source = shown.Text("questionnaire, import")
    questionnaire_version = shown.Text()
    questionnaire_digest = shown.Text("of that version as it was answered")
    confirmed_at = shown.Moment()


class ProfileInForce(RiskProfile):
    """With the assessment that counts."""


class AssessmentDetail(shown.Shown):
    """How a result came about (ASM-09); what was answered is shown to nobody."""

    assessment = shown.Part(RiskProfile)
    author = shown.Text("the client's channel; null when not from a questionnaire")
    device = shown.Text()
    started_at = shown.Moment()
    ended_at = shown.Moment()
    confirmed_by = shown.Text()


class RiskProfilesAsked(PageAsked):
    expiring_within = Period()
    state = taken.Choice("current", "expired")
    sort = sorted_by("valid_until")


class Assessment(taken.Strict):
    """Only the client answers (ASM-09)."""

    questionnaire_version = taken.Name(longest=50, required=True)
    answers = taken.Pairs(required=True)
    device = taken.Name(longest=200, required=True)
    started_at = taken.Moment(required=True)
    ended_at = taken.Moment(required=True)


class LevelConfirmation(taken.Strict):
    risk_level = taken.Choice(*LEVELS, required=True)

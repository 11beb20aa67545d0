"""Questionnaires, risk profiles and match decisions."""

from marshmallow import fields

from gateway.schemas import handed_on, shown, taken
from gateway.schemas.customers import LEVELS
from gateway.schemas.paging import PageAsked, sorted_by
from gateway.schemas.products import KINDS
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


class Premium(taken.Strict):
    single_premium = taken.Amount()
    annual_premium = taken.Amount()
    budget = taken.Amount()


class DecisionAsked(taken.Strict):
    customer_id = taken.Id(required=True)
    product_id = taken.Id(required=True)
    sale_id = taken.Id()
    amount = taken.Amount(required=True)
    channel = taken.Choice("branch", "online", "phone", required=True)
    initiated_by = taken.Choice("client", "staff", required=True)
    steps = taken.Words(taken.Choice(*STEPS, required=True))
    recording_consent = taken.Flag()
    special_care_done = taken.Flag()
    insurance_statement_signed = taken.Flag()
    nominee = taken.Flag()
    borrowed_money = taken.Flag()
    split = taken.Flag()
    insurance = taken.Part(Premium)


class Obligation(shown.Shown):
    name = shown.Text("recording, inspection, cooling_off, callback, disclosure, …")
    parameters = shown.Pairs()
    rule_id = shown.Text()


class RuleFinding(shown.Shown):
    rule_id = shown.Id()
    regulation = shown.Text()
    article = shown.Text()
    verdict = shown.Text(", ".join(OUTCOMES))
    facts = shown.Pairs()
    zh = shown.Text()
    en = shown.Text()


class Decision(shown.Shown):
    decision_id = shown.Id()
    sale_id = shown.Text()
    customer_id = shown.Id()
    product_id = shown.Id()
    amount = shown.Amount()
    outcome = shown.Text(", ".join(OUTCOMES))
    regime = shown.Text("NFRA, CSRC")
    customer_class = shown.Text("ordinary, professional")
    effective_level = shown.Text("R1 to R5")
    requires = shown.Words()
    obligations = shown.Parts(Obligation)
    rules = shown.Parts(RuleFinding)
    rule_pack = shown.Text()
    facts_digest = shown.Text()
    product_digest = shown.Text()
    digest = shown.Text()
    state = shown.Text("valid, stale, expired")
    stale_reason_en = shown.Text()
    stale_reason_zh = shown.Text()
    decided_at = shown.Moment()
    valid_until = shown.Moment()
    decided_by = shown.Text()


class TrialAsked(taken.Strict):
    """Facts as in the offline `decide`; with an id, what is known counts beside what is given."""

    customer_id = taken.Id()
    product_id = taken.Id()
    at = taken.Text(longest=40, metadata={"format": "date-time", "description": "else it is now"})
    seller = handed_on.Facts("licence, channel, grade; the institution's own licence when left out")
    customer = handed_on.Facts("kind, born_on, risk_level, assessed_on, financial_assets, …")
    product = handed_on.Facts("kind, issuer_level, seller_level, asset_class, insurance, …")
    request = handed_on.Facts("amount, initiated_by, steps, recording_consent, …")


class Warning(shown.Shown):
    field = shown.Text()
    zh = shown.Text()
    en = shown.Text()


class Trial(shown.Shown):
    """What would be decided; it is kept nowhere, and no sale can rest on it."""

    customer_id = shown.Text()
    product_id = shown.Text()
    outcome = shown.Text(", ".join(OUTCOMES))
    regime = shown.Text("NFRA, CSRC")
    customer_class = shown.Text("ordinary, professional")
    effective_level = shown.Text("R1 to R5")
    requires = shown.Words()
    obligations = shown.Parts(Obligation)
    rules = shown.Parts(RuleFinding)
    rule_pack = shown.Text()
    facts_digest = shown.Text()
    product_digest = shown.Text()
    digest = shown.Text()
    valid_until = shown.Moment()
    warnings = shown.Parts(Warning)
    receipt_json = shown.Text("the receipt, byte for byte as it was digested")


class Difference(shown.Shown):
    path = shown.Text()
    receipt_json = shown.Text("what the receipt says, JSON; null when it says nothing")
    derived_json = shown.Text("what is derived from it now, JSON; null when nothing is")


class Explanation(shown.Shown):
    """A decision derived again from its receipt, by the rule pack that the receipt names."""

    decision_id = shown.Id()
    identical = shown.Flag()
    zh = shown.Text()
    en = shown.Text()
    differences = shown.Parts(Difference)
    outcome = shown.Text(", ".join(OUTCOMES))
    rules = shown.Parts(RuleFinding)
    rule_pack = shown.Text()
    digest = shown.Text()


class DecisionsAsked(PageAsked):
    customer_id = taken.Id()
    product_id = taken.Id()
    sale_id = taken.Id()
    outcome = taken.Choice(*OUTCOMES)


class HoldingMatch(shown.Shown):
    """The opinion on what a client holds, made again when a level changes; nobody has to sell."""

    customer_id = shown.Id()
    product_id = shown.Id()
    fit = shown.Text(", ".join(FITS))
    client_level = shown.Text("C1 to C5, the last one known")
    product_level = shown.Text("R1 to R5, the higher of issuer and seller")
    rule_ids = shown.Words()
    rule_pack = shown.Text()
    level_until = shown.Day("the last day of the client's level; empty when it is over")
    matched_at = shown.Moment()


class HoldingMatchesAsked(PageAsked):
    customer_id = taken.Id()
    product_id = taken.Id()
    fit = taken.Choice(*FITS)


class Receipt(shown.Shown):
    """What the decision can be derived again from, years later."""

    decision_id = shown.Id()
    digest = shown.Text()
    receipt_json = shown.Text("the receipt, byte for byte as it was digested")


class MarketingAsked(taken.Strict):
    """Texts of marketing, and what they are about; of an unknown channel every rule applies."""

    texts = taken.Words(handed_on.LongText(longest=100_000, required=True), least=1, required=True)
    channel = taken.Choice("branch", "online", "phone")
    product_kind = taken.Choice(*KINDS, "deposit")


class MarketingFinding(shown.Shown):
    """Characters *start* up to *end*, counted from 0, of the text with that number."""

    text = shown.Count()
    start = shown.Count()
    end = shown.Count()
    found = shown.Text("as it was written")
    word = shown.Text("as the rule has it; … stands for a few characters")
    rule_id = shown.Id()
    regulation_zh = shown.Text()
    regulation_en = shown.Text()
    article = shown.Text()
    status = shown.Text("read, secondary: how sure we are of the rule")
    zh = shown.Text()
    en = shown.Text()
    instead_zh = shown.Text()
    instead_en = shown.Text()


class MarketingChecked(shown.Shown):
    findings = shown.Parts(MarketingFinding)
    total = shown.Count(metadata={"description": "of all findings; at most 200 are shown"})
    words_version = shown.Text()
    requires = shown.Words()

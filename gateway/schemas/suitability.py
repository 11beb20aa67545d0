"""Match decisions, trials and opinions on holdings."""

from gateway.schemas import handed_on, shown, taken
from gateway.schemas.paging import PageAsked

OUTCOMES = ("ALLOW", "REQUIRE", "BLOCK")
FITS = ("matches", "mismatch", "undetermined")
STEPS = ("application", "written_warning", "confirmation", "insists")


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

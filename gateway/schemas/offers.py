"""What clients may be offered, to whom products may be offered, and shelves of products."""

from gateway.schemas import shown, taken
from gateway.schemas.paging import PageAsked
from gateway.schemas.products import KINDS
from gateway.schemas.suitability import OUTCOMES, STEPS, Obligation, Premium, RuleFinding

MOST_ON_SHELF = 500


def asked_amount() -> shown.Text:
    return shown.Text("CNY, what was asked for; empty when no minimum is known")


class EligibleProductsAsked(PageAsked):
    channel = taken.Choice("branch", "online", "phone")
    amount = taken.Amount()
    outcome = taken.Choice(*OUTCOMES, "any")
    kind = taken.Choice(*KINDS)


class EligibleProduct(shown.Shown):
    """Decided as if staff offered it; nothing is kept, and a sale needs its own decision."""

    product_id = shown.Id()
    kind = shown.Text(", ".join(KINDS))
    effective_level = shown.Text("R1 to R5")
    outcome = shown.Text(", ".join(OUTCOMES))
    amount = asked_amount()
    requires = shown.Words()
    reasons = shown.Parts(RuleFinding)
    obligations = shown.Words()
    rule_pack = shown.Text()


class EligibleCustomersAsked(PageAsked):
    channel = taken.Choice("branch", "online", "phone")
    amount = taken.Amount()
    outcome = taken.Choice(*OUTCOMES, "any")


class EligibleCustomer(shown.Shown):
    """Decided as if staff offered it; nothing is kept, and a sale needs its own decision."""

    customer_id = shown.Id()
    outcome = shown.Text(", ".join(OUTCOMES))
    customer_class = shown.Text("ordinary, professional")
    requires = shown.Words()
    reasons = shown.Parts(RuleFinding)
    obligations = shown.Words()
    rule_pack = shown.Text()


class ShelfAsked(taken.Strict):
    """What is asked of each product; without an amount, each product's own minimum."""

    product_ids = taken.Words(taken.Id(required=True), required=True, least=1, most=MOST_ON_SHELF)
    amount = taken.Amount()
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


class ShelfError(shown.Shown):
    code = shown.Text()
    en = shown.Text()
    zh = shown.Text()


class ShelfDecision(shown.Shown):
    """What would be decided of one product, or why it could not be; nothing is kept."""

    product_id = shown.Id()
    outcome = shown.Text(", ".join(OUTCOMES) + "; empty when there is an error")
    amount = asked_amount()
    regime = shown.Text("NFRA, CSRC")
    customer_class = shown.Text("ordinary, professional")
    effective_level = shown.Text("R1 to R5")
    requires = shown.Words()
    obligations = shown.Parts(Obligation)
    reasons = shown.Parts(RuleFinding)
    rule_pack = shown.Text()
    error = shown.Part(ShelfError)


class Shelf(shown.Shown):
    decisions = shown.Parts(ShelfDecision)

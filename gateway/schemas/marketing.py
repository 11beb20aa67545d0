"""Texts checked for words that marketing may not use."""

from gateway.schemas import handed_on, shown, taken
from gateway.schemas.products import KINDS

OUTCOMES = ("ALLOW", "REQUIRE", "BLOCK")
FITS = ("matches", "mismatch", "undetermined")
STEPS = ("application", "written_warning", "confirmation", "insists")


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

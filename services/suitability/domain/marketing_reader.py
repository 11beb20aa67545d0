"""A file of marketing words as the domain knows it."""

from collections.abc import Mapping
from typing import Any, cast

from services.suitability.domain.marketing import GAP, Denials, MarketingRule, MarketingWords
from services.suitability.domain.pack import Status

LISTS = ("words", "exceptions", "channels", "product_kinds", "except_product_kinds")


def read_marketing_words(document: Mapping[str, object]) -> MarketingWords:
    """Raise TypeError or ValueError naming what a rule lacks, or says that nothing reads."""
    told = cast("Mapping[str, Any]", document)
    rules = tuple(_rule(raw) for raw in told["rule"])
    words = {word for rule in rules for word in rule.words if GAP not in word}
    return MarketingWords(
        version=told["version"],
        effective_from=told["effective_from"],
        rules=rules,
        denials=_denials(told["denials"], words),
        spellings=told["spellings"],
    )


def _rule(raw: Mapping[str, Any]) -> MarketingRule:
    lists = {name: tuple(raw[name]) for name in LISTS if name in raw}
    return MarketingRule(**{**raw, **lists, "status": Status(raw["status"])})


def _denials(raw: Mapping[str, Any], words: set[str]) -> Denials:
    """Between a word and its denial may stand another word: 不承诺保本保收益."""
    return Denials(
        before=frozenset(raw["not"]),
        between=frozenset(raw["between"]) | words,
        then=frozenset(raw["then"]) | words,
        denied=frozenset(raw["denied"]),
    )

"""Does a text say what marketing may not say? A check that others call; nothing is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from chassis.errors import Invalid
from services.suitability.domain.catalogue import CHANNELS, PRODUCT_KINDS
from services.suitability.domain.marketing import Context, Finding, MarketingWords, in_force

MOST_TEXTS = 50
MOST_FINDINGS = 200  # told at once; the others are counted
LONGEST = 100_000  # characters of all texts together
DEPOSIT = "deposit"  # not ours to decide on, but often beside what is


@dataclass(frozen=True, kw_only=True)
class CheckMarketing:
    texts: Sequence[str]
    channel: str
    product_kind: str
    on: date


class Checked(NamedTuple):
    """*findings* are the first, each with the number of its text; *total* counts all.

    *requires* names what would have brought in more rules, had it been known.
    """

    words: MarketingWords
    findings: Sequence[tuple[int, Finding]]
    total: int
    requires: Sequence[str]


def check_marketing(command: CheckMarketing, versions: Sequence[MarketingWords]) -> Checked:
    refuse_out_of_bounds(command)
    words = in_force(versions, command.on)
    if words is None:
        raise none_in_force(command.on)
    context = Context(command.on, command.channel, command.product_kind)
    found = [
        (number, finding)
        for number, text in enumerate(command.texts)
        for finding in words.findings(text, context)
    ]
    requires = ["product_kind"] if words.unasked(context) else []
    return Checked(words, found[:MOST_FINDINGS], len(found), requires)


def refuse_out_of_bounds(command: CheckMarketing) -> None:
    _one_of(command.channel, CHANNELS.choices, "channel")
    _one_of(command.product_kind, (*PRODUCT_KINDS.choices, DEPOSIT), "product_kind")
    if not 1 <= len(command.texts) <= MOST_TEXTS:
        raise Invalid(
            "too_many_texts",
            f"from 1 to {MOST_TEXTS} texts are checked at once",
            f"一次可检查 1 至 {MOST_TEXTS} 段文字",
            field="texts",
        )
    if sum(map(len, command.texts)) > LONGEST:
        raise Invalid(
            "too_long",
            f"the texts are longer than {LONGEST} characters together; check them in parts",
            f"文字合计超过 {LONGEST} 个字符，请分段检查",
            field="texts",
        )


def _one_of(value: str, known: Sequence[str], field: str) -> None:
    if value and value not in known:
        names = ", ".join(known)
        raise Invalid(
            f"unknown_{field}", f"must be one of: {names}", f"只能是：{names}", field=field
        )


def none_in_force(on: date) -> Invalid:
    return Invalid(
        "no_marketing_words",
        f"no list of marketing words is in force on {on}",
        f"{on} 没有生效的营销用语规则",
        field="on",
    )

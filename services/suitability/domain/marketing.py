"""Words that marketing may not use, found in a text however they are disguised."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from services.suitability.domain.pack import SHIPPED_OFF, Status
from services.suitability.domain.plain_text import BOUNDARY, PlainText, plain_text

GAP = "…"
WIDEST_GAP = 6  # characters
FARTHEST = 24  # characters before or after a word in which it may be denied


@dataclass(frozen=True)
class Context:
    """What a text is about. Of an unknown channel (empty) it could be any; see `unasked`."""

    on: date
    channel: str = ""
    product_kind: str = ""


@dataclass(frozen=True)
class MarketingRule:
    """*words* and *exceptions* are plain text; GAP stands for a few characters of a clause."""

    id: str
    regulation_zh: str
    regulation_en: str
    article: str
    status: Status
    in_force_from: date
    words: tuple[str, ...]
    exceptions: tuple[str, ...]
    zh: str
    en: str
    instead_zh: str
    instead_en: str
    channels: tuple[str, ...] = ()
    product_kinds: tuple[str, ...] = ()
    except_product_kinds: tuple[str, ...] = ()

    def applies(self, context: Context) -> bool:
        return (
            self.status not in SHIPPED_OFF
            and context.on >= self.in_force_from
            and (not self.channels or context.channel in ("", *self.channels))
            and (not self.product_kinds or context.product_kind in self.product_kinds)
            and context.product_kind not in self.except_product_kinds
        )

    @cached_property
    def patterns(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        return tuple((word, pattern(word)) for word in self.words)

    @cached_property
    def excepted(self) -> tuple[re.Pattern[str], ...]:
        return tuple(map(pattern, self.exceptions))


class Finding(NamedTuple):
    """Characters *start* up to *end* of the original text say *word*, which *rule* forbids."""

    rule: MarketingRule
    word: str
    start: int
    end: int


@dataclass(frozen=True)
class Denials:
    """How a text says that it does not say a word; see the file of the words."""

    before: frozenset[str]
    between: frozenset[str]
    then: frozenset[str]
    denied: frozenset[str]

    def deny(self, text: str, start: int, end: int) -> bool:
        return self._denied_before(text, start) or self._denied_after(text, end)

    def _denied_before(self, text: str, end: int) -> bool:
        """An odd number of negations reach the word, with nothing but *between* in between."""
        negated, place, least = False, end, max(0, end - FARTHEST)
        while place > least:
            step = self._step_back(text, place, least)
            if step is None:
                break
            width, negates = step
            negated ^= negates
            place -= width
        return negated

    def _step_back(self, text: str, place: int, least: int) -> tuple[int, bool] | None:
        for width in range(min(self._longest, place - least), 0, -1):
            part = text[place - width : place]
            if part in self.before:
                return width, True
            if part in self.between:
                return width, False
        return None

    def _denied_after(self, text: str, start: int) -> bool:
        place, most = start, min(len(text), start + FARTHEST)
        while place < most:
            parts = [text[place : place + width] for width in range(self._longest, 0, -1)]
            if any(part in self.denied for part in parts):
                return True
            known = next((part for part in parts if part in self.then), "")
            if not known:
                return False
            place += len(known)
        return False

    @cached_property
    def _longest(self) -> int:
        return max(map(len, chain(self.before, self.between, self.then, self.denied)))


@dataclass(frozen=True)
class MarketingWords:
    """One version of what may not be said, in force from a day."""

    version: str
    effective_from: date
    rules: tuple[MarketingRule, ...]
    denials: Denials
    spellings: Mapping[str, str]

    def findings(self, text: str, context: Context) -> list[Finding]:
        """In the order of the text. Time grows with its length and nothing worse."""
        plain = plain_text(text, self.spellings)
        applied = [rule for rule in self.rules if rule.applies(context)]
        found = chain.from_iterable(self._said(rule, plain) for rule in applied)
        return sorted(found, key=lambda one: (one.start, one.end))

    def unasked(self, context: Context) -> bool:
        """Whether there are rules that only a known kind of product would have brought in."""
        return not context.product_kind and any(rule.product_kinds for rule in self.rules)

    def _said(self, rule: MarketingRule, plain: PlainText) -> Iterator[Finding]:
        allowed = Spans(each.span() for one in rule.excepted for each in one.finditer(plain.text))
        said = sorted(
            (each.start(), -each.end(), word)
            for word, one in rule.patterns
            for each in one.finditer(plain.text)
        )
        covered = 0
        for start, minus_end, word in said:
            end = -minus_end
            if start < covered or allowed.hold(start, end):
                continue
            if not self.denials.deny(plain.text, start, end):
                covered = end
                yield Finding(rule, word, *plain.original(start, end))


class Spans:
    """Places of a text; asked in the order of their starts."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._next = 0
        self._farthest = 0

    def hold(self, start: int, end: int) -> bool:
        """Whether one of them begins at *start* or before, and ends at *end* or after."""
        while self._next < len(self._spans) and self._spans[self._next][0] <= start:
            self._farthest = max(self._farthest, self._spans[self._next][1])
            self._next += 1
        return self._farthest >= end


def pattern(word: str) -> re.Pattern[str]:
    """Characters as they are, and gaps of bounded width: linear in the text."""
    parts = (re.escape(plain_text(part, {}).text) for part in word.split(GAP))
    return re.compile(f"[^{BOUNDARY}]{{0,{WIDEST_GAP}}}?".join(parts))


def in_force(versions: Sequence[MarketingWords], on: date) -> MarketingWords | None:
    effective = [one for one in versions if one.effective_from <= on]
    return max(effective, key=lambda one: one.effective_from, default=None)

"""All rules of a pack, asked about one sale: what each that applies says, and what it read."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from services.suitability.domain.catalogue import KINDS
from services.suitability.domain.pack import Pack, Rule, Verdict
from services.suitability.domain.program import program
from services.suitability.domain.ruling import Obligation, Ruling, rulings
from services.suitability.domain.sale import DEFAULTS, Sale
from services.suitability.domain.truth import Facts, Missing
from services.suitability.domain.values import written

PACKS_IN_USE = 32


class Finding(NamedTuple):
    """One rule that applied. *shown* are facts as they are written, more than it read."""

    ruling: Ruling
    shown: Mapping[str, object]

    @property
    def rule(self) -> Rule:
        return self.ruling.rule

    @property
    def verdict(self) -> Verdict:
        return self.ruling.verdict

    @property
    def requires(self) -> tuple[str, ...]:
        return self.ruling.requires

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        return self.ruling.obligations

    @property
    def zh(self) -> str:
        return self.ruling.zh

    @property
    def en(self) -> str:
        return self.ruling.en

    @property
    def facts(self) -> dict[str, object]:
        reads = self.ruling.rule.reads
        return dict(zip(reads, map(self.shown.__getitem__, reads), strict=True))


class Judge:
    """Made once for a pack; see `judge_of`."""

    def __init__(self, pack: Pack) -> None:
        self._rules = pack.rules
        self._months = int(str(pack.parameters["assessment_window_months"]))
        self._work_out = program(pack.steps, pack.parameters).work_out
        self._say = rulings(pack.rules)
        self._active = lru_cache(self._in_force)

    def findings(self, sale: Sale, on: date) -> tuple[tuple[Finding, ...], Facts]:
        """In the order of the pack; and the conclusions of its rules."""
        derived = sale.derived(on, window_months=self._months)
        facts = {**DEFAULTS, **sale.given, **derived}
        found, concluded = self._work_out(facts, self._active(on))
        shown = {**SHOWN_ALWAYS, **sale.written, **shown_of(derived), **shown_of(concluded)}
        findings = []
        for truths, early in found:
            ruling = self._say(*truths)
            if ruling is not None:
                read = {**shown, **shown_of(early)} if early else shown
                findings.append(Finding(ruling, read))
        return tuple(findings), concluded

    def _in_force(self, on: date) -> tuple[bool, ...]:
        return tuple(rule.enabled and on >= rule.in_force_from for rule in self._rules)


def shown_of(facts: Facts) -> dict[str, object]:
    return {
        name: None if isinstance(value, Missing) else written(value)
        for name, value in facts.items()
    }


SHOWN_ALWAYS = {**dict.fromkeys(KINDS), **shown_of(DEFAULTS)}
judge_of = lru_cache(PACKS_IN_USE)(Judge)

"""What one rule says, once its conditions are known to be true, false or unknown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from services.suitability.domain.catalogue import LABELS_ZH
from services.suitability.domain.pack import Clause, Rule, Verdict
from services.suitability.domain.truth import Missing, missing_of

MOST_REMEMBERED = 4096

Obligation = tuple[str, Mapping[str, object]]


@dataclass(frozen=True, eq=False)
class Ruling:
    """The same for every sale that a rule judges alike: verdict, sentences, what follows."""

    rule: Rule
    verdict: Verdict
    zh: str
    en: str
    requires: tuple[str, ...]
    obligations: tuple[Obligation, ...]


def rulings(rules: Sequence[Rule]) -> Callable[..., Ruling | None]:
    """From the number of a rule, its scope, its clauses' conditions and what its obligations
    reckoned, to what it says; nothing when it does not apply. The same is said by the same
    object, as long as it is remembered.
    """

    @lru_cache(MOST_REMEMBERED, typed=True)
    def say(number: int, scope: object, *truths: object) -> Ruling | None:
        rule = rules[number]
        count = len(truths) and len(rule.clauses)
        return ruling(rule, scope, truths[:count], truths[count:])

    return say


def ruling(
    rule: Rule, scope: object, whens: Sequence[object], reckoned: Iterable[object]
) -> Ruling | None:
    """*whens* are the conditions of the clauses; a rule that concludes something has none."""
    outcome = _Outcome()
    if not whens:
        outcome.note(scope)
    values, obligations = iter(reckoned), []
    for clause, when in zip(rule.clauses, whens, strict=bool(whens)):
        terms = clause.obligation and clause.obligation.resolved(values)
        if when is not False and not outcome.note(scope, when):
            outcome.fired.append(clause)
            if clause.obligation is not None:
                obligations.append((clause.obligation.name, terms or {}))
    if isinstance(scope, Missing) and not outcome.unknown:
        return None
    zh, en = _sentences(rule, outcome)
    return Ruling(rule, outcome.verdict, zh, en, outcome.requires, tuple(obligations))


@dataclass
class _Outcome:
    """What became of a rule's clauses."""

    fired: list[Clause] = field(default_factory=list)
    unknown: dict[str, None] = field(default_factory=dict)

    def note(self, *truths: object) -> bool:
        """Whether facts are missing; they are noted."""
        missing = missing_of(truths)
        if missing is not None:
            self.unknown |= dict.fromkeys(sorted(missing.names))
        return missing is not None

    @property
    def verdict(self) -> Verdict:
        asked = [Verdict.REQUIRE] if self.unknown else []
        return strongest([clause.verdict for clause in self.fired] + asked)

    @property
    def requires(self) -> tuple[str, ...]:
        named = (name for clause in self.fired for name in clause.requires)
        return tuple(dict.fromkeys([*named, *self.unknown]))


def _sentences(rule: Rule, outcome: _Outcome) -> tuple[str, str]:
    said = [clause.sentence for clause in outcome.fired] or [rule.sentence]
    zh = [sentence.zh for sentence in dict.fromkeys(said)]
    en = [sentence.en for sentence in dict.fromkeys(said)]
    if outcome.unknown:
        zh.append(
            "尚缺：" + "、".join(LABELS_ZH.get(name, name) for name in outcome.unknown) + "。"
        )
        en.append("Not known: " + ", ".join(outcome.unknown) + ".")
    return "".join(zh), " ".join(en)


def strongest(verdicts: Iterable[Verdict]) -> Verdict:
    return max(verdicts, key=lambda verdict: verdict.weight, default=Verdict.ALLOW)

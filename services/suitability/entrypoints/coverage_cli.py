"""pack coverage: what the cases beside a rule pack have not tried."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from chassis.errors import Invalid
from services.suitability.adapters.cases import Case
from services.suitability.domain.coverage import Coverage, Tried, coverage
from services.suitability.domain.pack import Pack
from services.suitability.domain.sale import read_sale

WORDS = {
    "applies": "适用",
    "fires": "成立",
    "passes": "不成立",
    "below": "低于",
    "at": "等于",
    "above": "高于",
}


def covered(pack: Pack, cases: Sequence[Case], zone: ZoneInfo) -> list[Coverage]:
    """Raise Invalid when a case is about a rule that is not in the pack."""
    unknown = {case.rule for case in cases} - {rule.id for rule in pack.rules}
    if unknown:
        names = ", ".join(sorted(unknown))
        raise Invalid(
            "unknown_rule",
            f"there are cases of rules that are not in the pack: {names}",
            f"有些用例所指的规则不在规则包中：{names}",
            field="case",
        )
    tried = [
        Tried(case.rule, case.verdict, case.switched_on, read_sale(case.sale)) for case in cases
    ]
    return coverage(pack, tried, zone)


def report(pack: Pack, found: Sequence[Coverage]) -> Iterator[str]:
    """A line for each rule, one below it for each gap, and a sum."""
    yield f"{pack.name} {pack.digest}"
    for each in found:
        verdicts = " ".join(each.verdicts) or "-"
        yield f"{each.rule.id:<14}{each.cases:>3} cases 用例  {verdicts}"
        for gap in each.gaps:
            missing = ", ".join(f"{word} {WORDS[word]}" for word in gap.missing)
            yield f"    no case 缺少用例: {missing}: {gap.place}"
    gaps = sum(len(each.gaps) for each in found)
    cases = sum(each.cases for each in found)
    yield f"rules 规则: {len(found)}; cases 用例: {cases}; gaps 缺口: {gaps}"

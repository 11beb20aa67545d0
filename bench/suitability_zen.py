"""Explained decisions on one core, beside zen-engine's traced decision table of the same rules.

Both start from the same sales, read and prepared before: ours from `Sale`, zen-engine from a
flat object of facts in which what follows from them (age, counts of assessments) is there already.
Ours answers with the outcome and, for each rule that applied, its verdict, sentences and facts;
zen-engine with the rows that fit and its trace. Sales on which the two disagree are counted.
"""

import json
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

import zen

from bench.figure import Figure, show
from bench.zen_table import Document, decision_table, facts_for_zen
from services.suitability.adapters.cases import cases_of
from services.suitability.adapters.packs import SHIPPED, load_pack, pack_folders
from services.suitability.domain.decision import decide
from services.suitability.domain.pack import Pack, Verdict
from services.suitability.domain.ruling import strongest
from services.suitability.domain.sale import Sale, read_sale

ZONE = ZoneInfo("Asia/Shanghai")
ROUNDS = 7


def measure() -> None:
    """Print one JSON line per figure."""
    folder = pack_folders(SHIPPED)[-1]
    pack = load_pack(folder)
    sales = [read_sale(case.sale) for case in cases_of(folder) if not case.switched_on]
    table = zen.ZenEngine().create_decision(json.dumps(decision_table(pack)))
    given = [prepared(sale, pack) for sale in sales]
    same = sum(
        ours(sale, pack)[0] == theirs(table, facts)[0]
        for sale, facts in zip(sales, given, strict=True)
    )
    show(Figure("suitability.zen_same_outcome", same, "sales", "all cases", len(sales)))
    mine = [lambda sale=sale: ours(sale, pack) for sale in sales]
    others = [lambda facts=facts: theirs(table, facts) for facts in given]
    rounds = [(rate(mine), rate(others)) for _ in range(ROUNDS)]
    explained, traced = (median(each) for each in zip(*rounds, strict=True))
    show(Figure("suitability.explained", explained, "1/s", "zen-engine, traced", traced))


def prepared(sale: Sale, pack: Pack) -> Document:
    months = int(str(pack.parameters["assessment_window_months"]))
    return facts_for_zen(sale.facts(sale.on(ZONE), window_months=months))


def ours(sale: Sale, pack: Pack) -> tuple[str, list[Document]]:
    decision = decide(sale, pack, ZONE)
    explained: list[Document] = [
        {
            "rule": finding.rule.id,
            "verdict": finding.verdict.value,
            "zh": finding.zh,
            "en": finding.en,
            "facts": finding.facts,
        }
        for finding in decision.findings
    ]
    return decision.outcome.value, explained


def theirs(table: zen.ZenDecision, facts: Document) -> tuple[str, object]:
    answer = table.evaluate(facts, {"trace": True})
    rows = answer["result"]
    return strongest(Verdict(row["verdict"]) for row in rows).value, answer


def rate(calls: Sequence[Callable[[], object]]) -> float:
    """A second over all sales in turn."""
    started = perf_counter()
    for call in calls:
        call()
    return len(calls) / (perf_counter() - started)

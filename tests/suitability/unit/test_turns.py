"""What a draft makes of a case, and whose doing it is."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.suitability.adapters.packs import load_document
from services.suitability.domain.decision import decide
from services.suitability.domain.pack import Pack, Verdict
from services.suitability.domain.pack_edit import PackEdit, RuleTaken, edited
from services.suitability.domain.rehearsed_pack import rehearsed
from services.suitability.domain.sale import read_sale
from services.suitability.domain.turn import Turn, Turned, turned
from tests.suitability.cases import PACK_FOLDER, ZONE, sale_of

SHIPPED = load_document(PACK_FOLDER)
DAY = date(2026, 11, 23)
SALE = read_sale(sale_of("bank_wealth"))


def own(*clauses: dict[str, Any], **changes: Any) -> Pack:
    rule = {
        "id": "OWN-01",
        "regulation": "HOUSE",
        "article": "内部制度第一条",
        "status": "read",
        "scope": "True",
        "zh": "规则",
        "en": "A rule",
        "clause": list(clauses),
        **changes,
    }
    return rehearsed(edited(SHIPPED, PackEdit(rules=[RuleTaken("matching", rule)])), DAY)


def turn(before: Pack, after: Pack) -> Turned | None:
    return turned(decide(SALE, before, ZONE), decide(SALE, after, ZONE))


NOTHING = rehearsed(SHIPPED, DAY)
BAN = own({"verdict": "BLOCK"})
ASKS = own({"verdict": "REQUIRE", "requires": ["house_form"]})
OBLIGES = own({"obligation": {"name": "house_call", "within": 3}})


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (NOTHING, BAN, Turned(Turn.BLOCKED, Verdict.ALLOW, Verdict.BLOCK, ("OWN-01",))),
        (BAN, NOTHING, Turned(Turn.ALLOWED, Verdict.BLOCK, Verdict.ALLOW, ("OWN-01",))),
        (NOTHING, ASKS, Turned(Turn.REQUIRED, Verdict.ALLOW, Verdict.REQUIRE, ("OWN-01",))),
        (BAN, ASKS, Turned(Turn.REQUIRED, Verdict.BLOCK, Verdict.REQUIRE, ("OWN-01",))),
        (NOTHING, OBLIGES, Turned(Turn.TERMS, Verdict.ALLOW, Verdict.ALLOW, ("OWN-01",))),
        (NOTHING, NOTHING, None),
    ],
)
def test_a_turn_names_the_rules_behind_it(before: Pack, after: Pack, said: Turned | None) -> None:
    assert turn(before, after) == said


def test_other_words_are_no_turn() -> None:
    assert turn(own({"verdict": "BLOCK"}), own({"verdict": "BLOCK"}, en="Another sentence")) is None


def test_a_rule_of_tomorrow_is_no_rule_of_today() -> None:
    tomorrow = (DAY + timedelta(days=1)).isoformat()

    assert turn(NOTHING, own({"verdict": "BLOCK"}, in_force_from=tomorrow)) is None


def test_a_rule_of_today_is_tried_on_a_sale_of_last_year() -> None:
    last_year = read_sale({**sale_of("bank_wealth"), "at": "2026-02-02T10:00:00+08:00"})
    today = own({"verdict": "BLOCK"}, in_force_from=DAY.isoformat())

    assert decide(last_year, today, ZONE).outcome is Verdict.BLOCK

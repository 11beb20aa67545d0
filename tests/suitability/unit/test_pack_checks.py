"""A pack that cannot be used is refused where it comes in, with the place and the reason."""

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.suitability.adapters.packs import SHIPPED, load_document, pack_folders
from services.suitability.bootstrap import pack as pack_command
from services.suitability.bootstrap import verify
from services.suitability.domain.catalogue import GIVEN
from services.suitability.domain.decision import decide
from services.suitability.domain.pack_document import document_of
from services.suitability.domain.pack_problems import UnreadablePack
from services.suitability.domain.receipt import receipt
from services.suitability.domain.sale import read_sale
from tests.suitability.cases import PACK_FOLDER, ZONE, sale_of

KEPT = load_document(PACK_FOLDER).kept()
SALE = read_sale(sale_of("bank_wealth"))

Documents = dict[str, Any]


def rule(**changes: object) -> Documents:
    made = {
        "id": "OWN-01",
        "regulation": "HOUSE",
        "article": "内部制度第一条",
        "status": "read",
        "scope": "customer.kind == 'person'",
        "zh": "规则",
        "en": "A rule.",
        **changes,
    }
    return {key: value for key, value in made.items() if value is not None}


def with_rule(**changes: object) -> Documents:
    kept = copy.deepcopy(KEPT)
    kept["sections"]["matching"]["rule"].append(rule(**changes))  # type: ignore[index]
    return kept


def with_parameters(**changes: object) -> Documents:
    kept = copy.deepcopy(KEPT)
    kept["head"]["parameters"].update(changes)  # type: ignore[index]
    return kept


def problems(kept: object) -> dict[str, str]:
    """What is wrong, by its place."""
    with pytest.raises(UnreadablePack) as caught:
        document_of(kept).read()
    assert all(one.zh and one.en for one in caught.value.problems)
    return {one.where: one.en for one in caught.value.problems}


@pytest.mark.parametrize("folder", pack_folders(SHIPPED), ids=lambda path: path.name)
def test_every_parameter_of_a_shipped_pack_says_what_it_means(folder: Path) -> None:
    head = load_document(folder).head

    assert head["meanings"].keys() == head["parameters"].keys()  # type: ignore[attr-defined]


def test_what_is_kept_as_json_is_the_same_pack() -> None:
    pack = load_document(PACK_FOLDER).read()

    again = document_of(KEPT).read()

    assert (again.digest, again.effective_from) == (pack.digest, pack.effective_from)
    assert [rule.id for rule in again.rules] == [rule.id for rule in pack.rules]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"id": "lower"}, "matching.rule[LAST]"),
        ({"id": "MAT-01"}, "matching.MAT-01"),
        ({"id": "A+B"}, "matching.rule[LAST].id"),
        ({"regulation": "S99"}, "matching.OWN-01"),
        ({"article": ""}, "matching.OWN-01.article"),
        ({"status": "sure"}, "matching.OWN-01.status"),
        ({"scope": None}, "matching.OWN-01.scope"),
        ({"scope": 5}, "matching.OWN-01.scope"),
        ({"scope": "customer.wealth > 1"}, "matching.OWN-01.scope"),
        ({"scope": "customer.age > 'old'"}, "matching.OWN-01.scope"),
        ({"scope": "customer.kind > 'person'"}, "matching.OWN-01.scope"),
        ({"scope": "customer.born_on > 5"}, "matching.OWN-01.scope"),
        ({"scope": "customer.risk_level > 3"}, "matching.OWN-01.scope"),
        ({"scope": "customer.age"}, "matching.OWN-01.scope"),
        ({"scope": "5"}, "matching.OWN-01.scope"),
        ({"scope": "customer.age in 5"}, "matching.OWN-01.scope"),
        ({"scope": "'R4' in parameter.high_risk_from"}, "matching.OWN-01.scope"),
        ({"scope": "'sign' in request.steps"}, "matching.OWN-01.scope"),
        (
            {"scope": "insurance.pay_years * parameter.premium_of_budget > 1"},
            "matching.OWN-01.scope",
        ),
        ({"scope": "customer.age > " + "9" * 5000}, "matching.OWN-01.scope"),
        ({"scope": "customer.age > 1" + "0" * 400}, "matching.OWN-01.scope"),
        ({"scope": "not " * 200 + "True"}, "matching.OWN-01.scope"),
        ({"scope": "-" * 1900 + "1"}, "matching.OWN-01.scope"),
        ({"scope": "(" * 1900}, "matching.OWN-01.scope"),
        ({"scope": "True\x00"}, "matching.OWN-01.scope"),
        ({"enabled": "yes"}, "matching.OWN-01.enabled"),
        ({"in_force_from": "2026-13-01"}, "matching.OWN-01.in_force_from"),
        ({"in_force_from": 2026}, "matching.OWN-01.in_force_from"),
        ({"zh": "{unknown}"}, "matching.OWN-01.zh"),
        ({"zh": "{special_care_age.__class__}"}, "matching.OWN-01.zh"),
        ({"zh": "{special_care_age:>99999999}"}, "matching.OWN-01.zh"),
        ({"zh": "{special_care_age!r}"}, "matching.OWN-01.zh"),
        ({"en": "{"}, "matching.OWN-01.en"),
        ({"en": "{}"}, "matching.OWN-01.en"),
        ({"concludes": {"customer.kind": "person"}}, "matching.OWN-01.concludes"),
        ({"concludes": {"sale.regime": "SEC"}}, "matching.OWN-01.concludes"),
        ({"concludes": {"sale.regime": ["NFRA"]}}, "matching.OWN-01.concludes"),
        ({"assessment_holds_months": "unknown"}, "matching.OWN-01"),
        ({"assessment_holds_months": "budget_needed"}, "matching.OWN-01"),
        ({"color": "red"}, "matching.OWN-01.color"),
        ({"clause": {}}, "matching.OWN-01.clause"),
        ({"clause": ["x"]}, "matching.OWN-01.clause[0]"),
        ({"clause": [{"when": "maybe"}]}, "matching.OWN-01.clause[0].when"),
        ({"clause": [{"verdict": "FORBID"}]}, "matching.OWN-01.clause[0].verdict"),
        ({"clause": [{"zh": "只有中文"}]}, "matching.OWN-01.clause[0]"),
        ({"clause": [{"requires": "x"}]}, "matching.OWN-01.clause[0].requires"),
        ({"clause": [{"requires": ["Un Wort"]}]}, "matching.OWN-01.clause[0].requires"),
        ({"clause": [{"obligation": {}}]}, "matching.OWN-01.clause[0].obligation"),
        (
            {"clause": [{"obligation": {"name": "recording", "rules": ["X"]}}]},
            "matching.OWN-01.clause[0].obligation",
        ),
        (
            {"clause": [{"obligation": {"name": "recording", "deep": {"a": 1}}}]},
            "matching.OWN-01.clause[0].obligation",
        ),
        (
            {"clause": [{"obligation": {"name": "cooling_off"}}]},
            "matching.OWN-01.clause[0].obligation",
        ),
        (
            {"clause": [{"obligation": {"name": "cooling_off", "hours": "long"}}]},
            "matching.OWN-01.clause[0].obligation",
        ),
        (
            {"clause": [{"obligation": {"name": "cooling_off", "hours": "=customer.born_on"}}]},
            "matching.OWN-01.clause[0].obligation.hours",
        ),
        (
            {"clause": [{"obligation": {"name": "disclosure", "what": "=nonsense("}}]},
            "matching.OWN-01.clause[0].obligation.what",
        ),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_with_its_place(
    changes: Documents, place: str
) -> None:
    last = len(KEPT["sections"]["matching"]["rule"])  # type: ignore[index]
    place = place.replace("LAST", str(last))

    found = problems(with_rule(**changes))

    assert all(where.startswith(place) for where in found), found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("special_care_age", "old"),
        ("special_care_age", 1.5),
        ("special_care_age", None),
        ("special_care_age", 10**20),
        ("times_assets", "²"),
        ("high_risk_from", "R9"),
        ("nfra_licences", "bank"),
        ("nfra_licences", [["bank"]]),
        ("decision_valid_days", 10**9),
        ("assessment_window_months", 0),
        ("assessment_valid_months", True),
    ],
)
def test_a_parameter_that_no_rule_could_read_is_refused(name: str, value: object) -> None:
    assert problems(with_parameters(**{name: value}))


def test_everything_that_is_wrong_is_said_at_once() -> None:
    kept = with_rule(scope="customer.wealth > 1", clause=[{"when": "maybe"}, {"verdict": "ALLOW"}])
    kept["sections"]["access"]["definitions"]["twice"] = "sale.nothing"

    assert problems(kept).keys() == {
        "access.definitions.twice",
        "matching.OWN-01.scope",
        "matching.OWN-01.clause[0].when",
    }


def test_a_hundred_definitions_on_top_of_each_other_are_read_at_once() -> None:
    kept = copy.deepcopy(KEPT)
    first = {"d0": "customer.age > 1", "d1": "customer.age > 2"}
    more = {f"d{n}": f"sale.d{n - 1} and sale.d{n - 2}" for n in range(2, 100)}
    kept["sections"]["matching"]["definitions"] |= first | more  # type: ignore[index]

    pack = document_of(kept).read()

    assert pack.digest


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner),
    max_leaves=8,
)
TERMS = st.sampled_from(
    [*GIVEN, "sale.regime", "sale.on", "customer.age", "assessment.count"]
    + [f"parameter.{name}" for name in KEPT["head"]["parameters"]]  # type: ignore[index]
    + ["1", "'R4'", "'C2'", "'person'", "True", "['C1', 'C2']", "99999999999999999999"]
)
OPERATORS = ("==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "and", "or", "+", "*", "-")
CONDITIONS = st.recursive(
    TERMS,
    lambda inner: (
        st.builds(
            lambda one, op, other: f"({one} {op} {other})",
            inner,
            st.sampled_from(OPERATORS),
            inner | st.just("None"),
        )
        | inner.map("(not {})".format)
    ),
    max_leaves=6,
)


def places(kept: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    entries: list[tuple[object, object]] = []
    if isinstance(kept, dict):
        entries = list(kept.items())
    elif isinstance(kept, list):
        entries = list(enumerate(kept))
    return [path, *(p for key, inner in entries for p in places(inner, (*path, key)))]


PLACES = places(KEPT)


def put(kept: Any, path: tuple[Any, ...], value: object) -> object:
    if not path:
        return value
    target = kept
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return kept


def read_or_refused(kept: object) -> None:
    """Either it is refused, or every sale can be decided by it."""
    try:
        pack = document_of(kept).read()
    except UnreadablePack as error:
        assert len(error.en.encode()) < 2000
        return
    assert receipt(decide(SALE, pack, ZONE))["outcome"]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PLACES), JUNK)
def test_junk_anywhere_in_a_pack_is_refused_or_harmless(
    path: tuple[object, ...], junk: object
) -> None:
    read_or_refused(put(copy.deepcopy(KEPT), path, junk))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(CONDITIONS)
def test_a_condition_is_refused_or_can_be_decided(text: str) -> None:
    clause = {
        "when": text,
        "verdict": "BLOCK",
        "obligation": {"name": "disclosure", "x": f"={text}"},
    }

    read_or_refused(with_rule(scope="True", clause=[clause]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACK_FOLDER, tmp_path / "own"))


def edit(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def test_a_folder_is_checked_offline(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pack_command(["check", str(folder)]) == 0
    assert "cn-2026-02" in capsys.readouterr().out

    edit(folder / "matching.toml", lambda text: text.replace("sale.high_risk", "sale.hi_risk", 1))

    assert pack_command(["check", str(folder)]) == 1
    assert "matching.CUS-10.scope" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["= 1", "\x00", "a = [" * 5000])
def test_a_file_that_is_no_toml_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (folder / "access.toml").write_text(text)

    assert pack_command(["check", str(folder)]) == 1
    assert "access.toml" in capsys.readouterr().err


def test_a_folder_without_a_pack_is_said_to_be_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pack_command(["check", str(tmp_path)]) == 1
    assert verify(["receipt.json", "--packs", str(tmp_path)]) == 2
    assert "pack.toml" in capsys.readouterr().err
    assert pack_command(["czech"]) == 2


def test_the_coverage_of_a_folder_is_told_offline(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pack_command(["coverage", str(folder)]) == 0

    edit(folder / "customers.toml", lambda text: text.replace(">= 20000000", ">= 20000001", 1))

    assert pack_command(["coverage", str(folder)]) == 1
    assert "at 等于: customer.net_assets >= 20000001" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ('rule = "CUS-99"\nwhy = "x"\nbase = "trust"\nverdict = "ALLOW"', "CUS-99"),
        (
            'rule = "CUS-10"\nwhy = "no such base"\nbase = "house"\nverdict = "ALLOW"',
            "no such base",
        ),
        ('rule = "CUS-10"\nwhy = "no verdict"\nbase = "trust"', "no verdict"),
        (
            'rule = "CUS-10"\nwhy = "x"\nbase = "trust"\nverdict = "ALLOW"\n'
            'set = { "request.amount" = "-1" }',
            "request.amount",
        ),
    ],
)
def test_a_case_that_cannot_be_read_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], case: str, said: str
) -> None:
    edit(folder / "cases" / "access.toml", lambda text: f"{text}\n[[case]]\n{case}\n")

    assert pack_command(["coverage", str(folder)]) == 1
    assert said in capsys.readouterr().err

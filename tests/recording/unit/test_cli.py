import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from services.recording.entrypoints.cli import RetentionLines

ROOT = Path(__file__).parents[3]
FUND = {
    "regime": "CSRC",
    "product_kind": "public_fund",
    "sold_by": "fund_distributor",
    "contract_ended_on": "2026-11-23",
    "relationship_ended_on": "2026-11-23",
}


def answers(*lines: str | bytes) -> tuple[int, list[dict[str, Any]]]:
    raw = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)
    out = io.StringIO()
    code = RetentionLines().run(io.BytesIO(raw), out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def line(**changed: object) -> str:
    return json.dumps(FUND | changed)


def test_each_line_gets_an_answer_with_its_rules() -> None:
    code, (answer,) = answers(line(id="a"))

    assert code == 0
    assert (answer["id"], answer["retain_until"]) == ("a", "2046-11-23")
    assert [(rule["id"], rule["retain_until"]) for rule in answer["rules"]] == [
        ("REC-13", "2046-11-23"),
        ("AML-02", "2036-11-23"),
    ]


def test_a_bad_line_is_named_and_the_others_are_still_answered() -> None:
    code, (first, second, third) = answers(line(), line(regime="SEC", id=7), "", line())

    assert code == 1
    assert first["retain_until"] == third["retain_until"] == "2046-11-23"
    assert (second["line"], second["id"], second["error"]["field"]) == (2, 7, "regime")
    assert "NFRA, CSRC" in second["error"]["en"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"regime": None}, "regime"),
        ({"product_kind": "stamps"}, "product_kind"),
        ({"sold_by": ["bank"]}, "sold_by"),
        ({"contract_ended_on": "23.11.2026"}, "contract_ended_on"),
        ({"contract_ended_on": 20261123}, "contract_ended_on"),
        ({"relationship_ended_on": "9999-12-31"}, "relationship_ended_on"),
        ({"dispute_ended_on": "2026-02-29"}, "dispute_ended_on"),
        ({"insurance_term_years": "ten"}, "insurance_term_years"),
        ({"insurance_term_years": True}, "insurance_term_years"),
        ({"insurance_term_years": -1}, "insurance_term_years"),
        ({"insurance_term_years": 10**400}, "insurance_term_years"),
        ({"open_dispute": "no"}, "open_dispute"),
    ],
)
def test_a_fact_that_cannot_be_read_is_named(changed: dict[str, object], field: str) -> None:
    code, (answer,) = answers(line(**changed))

    assert (code, answer["error"]["field"]) == (1, field)


@pytest.mark.parametrize("raw", ["{", "[]", "null", '{"a": NaN}', b"\xff", "[" * 100_000])
def test_a_line_that_is_not_a_json_object_is_an_error(raw: str | bytes) -> None:
    code, (answer,) = answers(raw)

    assert (code, answer["error"]["code"]) == (1, "broken_json")


def test_it_runs_with_nothing_but_the_standard_library() -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-m", "services.recording", "retention"],
        cwd=ROOT,
        env={},
        input=line().encode() + b"\nnonsense\n",
        capture_output=True,
        check=False,
    )

    good, bad = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (1, b"")
    assert json.loads(good)["retain_until"] == "2046-11-23"
    assert json.loads(bad)["line"] == 2


def test_arguments_are_not_understood(capsys: pytest.CaptureFixture[str]) -> None:
    assert RetentionLines()(["--help"]) == 2
    assert "usage" in capsys.readouterr().err

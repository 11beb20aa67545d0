"""Marketing words: the cases beside them, their coverage, and texts made to slip through."""

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Invalid
from services.suitability.adapters.marketing_words import FOLDER, released_marketing_words
from services.suitability.domain.marketing import Context, Finding, MarketingRule
from services.suitability.domain.pack import SHIPPED_OFF, Status
from services.suitability.domain.plain_text import plain_text
from services.suitability.entrypoints.marketing_cli import MarketingCommand
from services.suitability.usecases.check_marketing import (
    LONGEST,
    MOST_FINDINGS,
    MOST_TEXTS,
    CheckMarketing,
    check_marketing,
)
from tests.suitability.cases import ZONE

NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)
VERSIONS = released_marketing_words()
(WORDS,) = VERSIONS
CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (FOLDER / "cases.jsonl").read_text(encoding="utf-8").splitlines()
]
TODAY = date(2026, 12, 1)
DISGUISES = ["\u200b", "\ufeff", " ", "\u3000", "·", "-", "*", "\u0301", "“", "\t"]


def found(case: dict[str, Any]) -> list[Finding]:
    on = date.fromisoformat(case.get("on", TODAY.isoformat()))
    context = Context(on, case.get("channel", ""), case.get("product_kind", ""))
    return WORDS.findings(case["text"], context)


def said(text: str, channel: str = "", product_kind: str = "") -> list[str]:
    return [one.word for one in WORDS.findings(text, Context(TODAY, channel, product_kind))]


def checked(texts: Sequence[str], **about: str) -> CheckMarketing:
    asked = CheckMarketing(texts=texts, channel="", product_kind="", on=TODAY)
    return replace(asked, **about)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:20])
def test_a_case_beside_the_words_finds_what_it_says(case: dict[str, Any]) -> None:
    words = [one.word for one in found(case)]

    assert list(dict.fromkeys(words)) == case["finds"]


@pytest.mark.parametrize("rule", WORDS.rules, ids=lambda rule: f"{rule.id} {rule.words[0]}")
def test_every_word_and_every_exception_of_a_rule_has_a_case(rule: MarketingRule) -> None:
    tried = {(one.rule, one.word) for case in CASES for one in found(case)}
    texts = [plain_text(case["text"], WORDS.spellings).text for case in CASES]
    kept_silent = [
        exception
        for exception, pattern in zip(rule.exceptions, rule.excepted, strict=True)
        if any(map(pattern.search, texts))
    ]

    assert [word for word in rule.words if (rule, word) not in tried] == []
    assert kept_silent == list(rule.exceptions)


@pytest.mark.parametrize("rule", WORDS.rules, ids=lambda rule: f"{rule.id} {rule.words[0]}")
def test_a_rule_is_on_only_when_somebody_read_of_it(rule: MarketingRule) -> None:
    said = "".join(rule.words)
    context = Context(TODAY, next(iter(rule.channels), ""), next(iter(rule.product_kinds), ""))

    assert rule.status not in SHIPPED_OFF
    for status in SHIPPED_OFF:
        unsure = replace(WORDS, rules=(replace(rule, status=Status(status)),))
        assert unsure.findings(said, context) == []


@given(st.data())
def test_no_disguise_hides_a_word_and_the_offsets_show_it(data: st.DataObject) -> None:
    between = st.lists(st.sampled_from(DISGUISES), max_size=3).map("".join)
    hidden = "稳" + data.draw(between) + "赚" + data.draw(between) + "不赔"
    before = data.draw(st.sampled_from(["", "我们", "𠮷", "好。", "\n\n"]))

    (one,) = WORDS.findings(f"{before}{hidden}！", Context(TODAY))

    assert one.word == "稳赚"
    assert (before + hidden)[one.start : one.end].startswith("稳")
    assert (before + hidden)[one.start : one.end].endswith("赚")


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_can_be_checked_and_every_finding_lies_in_it(before: str, after: str) -> None:
    text = f"{before}。稳赢。{after}"

    findings = WORDS.findings(text, Context(TODAY, "online", "private_fund"))

    assert "稳赢" in [one.word for one in findings]
    assert all(0 <= one.start < one.end <= len(text) for one in findings)


@given(st.lists(st.sampled_from(["不", "并非", "绝非"]), max_size=4))
def test_negations_cancel_each_other_in_pairs(negations: list[str]) -> None:
    assert said("".join([*negations, "保本"])) == ["保本"] * (len(negations) % 2 == 0)


def test_a_kind_of_product_that_is_not_told_is_asked_for() -> None:
    unknown = check_marketing(checked(["预期收益"]), VERSIONS)
    known = check_marketing(checked(["预期收益"], product_kind="bank_wealth"), VERSIONS)

    assert (unknown.total, list(unknown.requires)) == (0, ["product_kind"])
    assert (known.total, list(known.requires)) == (1, [])


def test_a_text_full_of_words_is_counted_to_its_end() -> None:
    result = check_marketing(checked(["好", "保本。" * 30_000]), VERSIONS)

    assert result.total == 30_000
    assert len(result.findings) == MOST_FINDINGS
    assert {number for number, _ in result.findings} == {1}


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (checked([]), "texts"),
        (checked(["a"] * (MOST_TEXTS + 1)), "texts"),
        (checked(["长" * LONGEST, "a"]), "texts"),
        (checked(["a"], channel="pigeon"), "channel"),
        (checked(["a"], product_kind="lottery"), "product_kind"),
        (replace(checked(["a"]), on=date(2026, 1, 31)), "on"),
    ],
)
def test_what_cannot_be_checked_is_refused(command: CheckMarketing, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_marketing(command, VERSIONS)

    assert refused.value.field == field
    assert refused.value.zh


@pytest.mark.parametrize(
    ("read", "arguments", "code"),
    [
        ("\ufeff本产品不保本".encode(), [], 0),
        ("本产品保本".encode(), [], 1),
        ("低风险".encode(), ["--channel", "branch"], 0),
        ("低风险".encode(), ["--channel", "online"], 1),
        ("低风险".encode(), ["--channel", "online", "--on", "2026-09-29"], 0),
        (b"\xff\xfe", [], 2),
        (b"a" * (LONGEST + 1), [], 2),
        (b"", [], 0),
    ],
)
def test_the_command_says_by_its_code_whether_it_found_something(
    read: bytes,
    arguments: list[str],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(read)))

    assert MarketingCommand(released_marketing_words, ZONE, lambda: NOON)(arguments) == code

    told = capsys.readouterr()
    assert told.err if code == 2 else json.loads(told.out)["total"] == code

import io
import json
from decimal import Decimal
from typing import Any

import pytest

from chassis import json_lines
from chassis.errors import Invalid
from chassis.json_lines import answer_lines, parsed

GOOD = b'{"id": "a"}'


def answer(document: object) -> dict[str, Any]:
    if document == {"id": 7}:
        raise Invalid("odd", "it is odd", "这是奇数", field="id")
    return {"kind": type(document).__name__}


def answers(*lines: bytes) -> tuple[int, list[dict[str, Any]]]:
    out = io.StringIO()
    code = answer_lines(io.BytesIO(b"\n".join(lines)), out, answer)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_every_line_that_is_not_blank_is_answered_with_its_own_id() -> None:
    code, said = answers(GOOD, b"  ", b"[]", b'\xef\xbb\xbf{"id": 8}')

    assert code == 0
    assert said == [{"id": "a", "kind": "dict"}, {"kind": "list"}, {"id": 8, "kind": "dict"}]


def test_a_refused_line_is_named_and_the_others_are_still_answered() -> None:
    code, (before, refused, after) = answers(GOOD, b'{"id": 7}', GOOD)

    assert code == 1
    assert before == after
    assert (refused["line"], refused["id"]) == (2, 7)
    assert refused["error"] == {"code": "odd", "field": "id", "zh": "这是奇数", "en": "it is odd"}


@pytest.mark.parametrize("raw", [b"{", b'{"a": NaN}', b'{"a": 1, "a": 1}', b"\xff", b"[" * 100_000])
def test_a_line_that_is_not_json_is_refused(raw: bytes) -> None:
    code, (refused,) = answers(raw)

    assert (code, refused["error"]["code"]) == (1, "broken_json")


def test_an_overlong_line_is_refused_and_does_not_spoil_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_lines, "LONGEST_LINE", 300)

    code, (refused, after) = answers(b'"' + b"x" * 2000 + b'"', GOOD)

    assert (code, refused["line"], refused["error"]["code"]) == (1, 1, "broken_json")
    assert after["id"] == "a"


def test_fractions_are_read_as_asked() -> None:
    assert parsed(b"0.1") == 0.1
    assert parsed(b"0.1", Decimal) == Decimal("0.1")

"""retention: the offline command. Needs no database, no broker and no object store."""

import json
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, BinaryIO, TextIO

from chassis.errors import Invalid
from services.recording.domain.retention import Finding, Retention, retention
from services.recording.entrypoints.facts import read_facts

USAGE = "usage: python -m services.recording retention < recordings.jsonl > retention.jsonl"
LONGEST_LINE = 1_000_000  # bytes


class RetentionLines:
    """One answer per line of standard input; 1 at the end when a line could not be read."""

    def __call__(self, argv: Sequence[str]) -> int:
        if argv:
            print(USAGE, file=sys.stderr)
            return 2
        return self.run(sys.stdin.buffer, sys.stdout)

    def run(self, lines: BinaryIO, out: TextIO) -> int:
        failed = False
        for number, line in numbered(lines):
            answer = answer_to(line, number)
            failed = failed or "error" in answer
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        out.flush()
        return int(failed)


def answer_to(line: bytes, number: int) -> dict[str, Any]:
    label: dict[str, Any] = {}
    try:
        document = parsed(line)
        label = labelled(document)
        return label | written(retention(read_facts(document)))
    except Invalid as error:
        explained = {"code": error.code, "field": error.field, "zh": error.zh, "en": error.en}
        return {**label, "line": number, "error": explained}


def numbered(lines: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Lines that are not blank, with their number; the rest of an overlong line is dropped."""
    number = 0
    while line := lines.readline(LONGEST_LINE + 1):
        number += 1
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = lines.readline(LONGEST_LINE + 1)
        if line.strip():
            yield number, line


def parsed(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise unreadable(f"longer than {LONGEST_LINE} bytes", f"超过 {LONGEST_LINE} 字节")
    try:
        document = json.loads(line.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse)
    except UnicodeDecodeError:
        raise unreadable("not UTF-8 text", "不是 UTF-8 文本") from None
    except RecursionError:
        raise unreadable("nested too deeply", "嵌套过深") from None
    except ValueError as error:
        raise unreadable(f"not JSON: {error}", f"不是有效的 JSON：{error}") from None
    if not isinstance(document, dict):
        raise unreadable("not a JSON object", "不是 JSON 对象")
    return document


def labelled(document: dict[str, Any]) -> dict[str, Any]:
    """The line's own id, given back so that answers can be told apart."""
    return {"id": document["id"]} if isinstance(document.get("id"), str | int) else {}


def written(kept: Retention) -> dict[str, Any]:
    until = kept.retain_until
    return {
        "retain_until": until.isoformat() if until else None,
        "rules": [_finding(finding) for finding in kept.findings],
    }


def unreadable(en: str, zh: str) -> Invalid:
    return Invalid("broken_json", en, zh)


def _finding(finding: Finding) -> dict[str, Any]:
    rule, until = finding.rule, finding.until
    return {
        "id": rule.id,
        "article": rule.article,
        "retain_until": until.isoformat() if until else None,
        "zh": rule.zh,
        "en": rule.en,
    }


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is not a JSON value")

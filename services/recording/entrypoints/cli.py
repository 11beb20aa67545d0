"""retention: the offline command. Needs no database, no broker and no object store."""

import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import BinaryIO, TextIO

from chassis.json_lines import Document, answer_lines, broken_json
from services.recording.domain.retention import Finding, Retention, retention
from services.recording.entrypoints.facts import read_facts

USAGE = "usage: python -m services.recording retention < recordings.jsonl > retention.jsonl"


class RetentionLines:
    """One answer per line of standard input; 1 at the end when a line could not be read."""

    def __call__(self, argv: Sequence[str]) -> int:
        if argv:
            print(USAGE, file=sys.stderr)
            return 2
        return self.run(sys.stdin.buffer, sys.stdout)

    def run(self, lines: BinaryIO, out: TextIO) -> int:
        return answer_lines(lines, out, answer_to, number=Decimal)


def answer_to(document: object) -> Document:
    if not isinstance(document, dict):
        raise broken_json("not a JSON object", "不是 JSON 对象")
    return written(retention(read_facts(document)))


def written(kept: Retention) -> Document:
    until = kept.retain_until
    return {
        "retain_until": until.isoformat() if until else None,
        "rules": [_finding(finding) for finding in kept.findings],
    }


def _finding(finding: Finding) -> Document:
    rule, until = finding.rule, finding.until
    return {
        "id": rule.id,
        "article": rule.article,
        "retain_until": until.isoformat() if until else None,
        "zh": rule.zh,
        "en": rule.en,
    }

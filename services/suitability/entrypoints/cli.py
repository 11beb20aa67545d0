"""decide and verify: the offline commands. Nothing here needs a database or a broker."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO, TextIO
from zoneinfo import ZoneInfo

from chassis import json_lines
from chassis.errors import Invalid
from chassis.json_lines import answer_lines, broken_json, parsed
from services.suitability.domain.decision import decide
from services.suitability.domain.derivation import (
    DIFFERENT,
    IDENTICAL,
    Difference,
    derived_again,
)
from services.suitability.domain.packs import Packs
from services.suitability.domain.receipt import Document, receipt
from services.suitability.domain.sale import UnreadableSale, read_sale
from services.suitability.domain.unknown_names import unknown_fields

DECIDE_USAGE = (
    "usage: python -m services.suitability decide [--packs DIR] < sales.jsonl > decisions.jsonl"
)
VERIFY_USAGE = "usage: python -m services.suitability verify receipt.json [--packs DIR]"


class DecideLines:
    """One decision per line of standard input; 1 at the end when a line could not be read."""

    def __init__(self, packs: Callable[[], Packs], zone: ZoneInfo) -> None:
        self._packs = packs
        self._zone = zone

    def __call__(self, argv: Sequence[str]) -> int:
        if argv:
            print(DECIDE_USAGE, file=sys.stderr)
            return 2
        return self.run(sys.stdin.buffer, sys.stdout)

    def run(self, lines: BinaryIO, out: TextIO) -> int:
        packs = self._packs()
        return answer_lines(
            lines, out, lambda document: self.answer(document, packs), explain=explained
        )

    def answer(self, document: object, packs: Packs) -> Document:
        sale = read_sale(document)
        pack = packs.in_force(sale.on(self._zone))
        warnings = [vars(problem) for problem in unknown_fields(document)]
        return receipt(decide(sale, pack, self._zone)) | (
            {"warnings": warnings} if warnings else {}
        )


class VerifyReceipt:
    """Derive a receipt's decision again: 0 identical, 1 different, 2 unreadable."""

    def __init__(self, packs: Callable[[], Packs]) -> None:
        self._packs = packs

    def __call__(self, argv: Sequence[str]) -> int:
        if len(argv) != 1:
            print(VERIFY_USAGE, file=sys.stderr)
            return 2
        try:
            said = receipt_of(parsed(Path(argv[0]).read_bytes()))
            found = self.compare(said)
        except OSError as error:
            return unreadable(f"{argv[0]}: {error.strerror}", f"{argv[0]}：无法读取")
        except Invalid as error:
            return unreadable(error.en, error.zh)
        print(json.dumps(comparison(found), ensure_ascii=False, indent=2))
        return int(bool(found))

    def compare(self, said: Document) -> Sequence[Difference]:
        return derived_again(said, self._packs()).differences


def explained(error: Invalid) -> Document:
    problem = json_lines.explained(error)
    if isinstance(error, UnreadableSale):
        problem["problems"] = [vars(each) for each in error.faults]
    return problem


def receipt_of(document: object) -> Document:
    if isinstance(document, dict) and isinstance(document.get("input"), dict):
        return document
    raise broken_json("this is not a receipt: it has no input", "这不是匹配回执：缺少 input")


def comparison(found: Sequence[Difference]) -> Document:
    zh, en = DIFFERENT if found else IDENTICAL
    said: Document = {"identical": not found, "zh": zh, "en": en}
    return {**said, "differences": [one._asdict() for one in found]} if found else said


def unreadable(en: str, zh: str) -> int:
    print(f"{en}\n{zh}", file=sys.stderr)
    return 2

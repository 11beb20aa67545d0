"""decide and verify: the offline commands. Nothing here needs a database or a broker."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO, TextIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chassis import json_lines
from chassis.errors import Invalid
from chassis.json_lines import answer_lines, broken_json, parsed
from services.suitability.domain.decision import decide
from services.suitability.domain.packs import Packs
from services.suitability.domain.receipt import Document, differences, receipt
from services.suitability.domain.sale import UnreadableSale, read_sale
from services.suitability.domain.unknown_names import unknown_fields

DECIDE_USAGE = (
    "usage: python -m services.suitability decide [--packs DIR] < sales.jsonl > decisions.jsonl"
)
BESIDE_THE_PROOF = {"id", "warnings"}  # what `decide` adds to a receipt for its reader
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

    def compare(self, said: Document) -> list[tuple[str, object, object]]:
        pack = self._packs().named(str(said.get("rule_pack")))
        sale = read_sale(said.get("input"))
        derived = receipt(decide(sale, pack, zone_of(said)))
        return differences({key: said[key] for key in said if key not in BESIDE_THE_PROOF}, derived)


def explained(error: Invalid) -> Document:
    problem = json_lines.explained(error)
    if isinstance(error, UnreadableSale):
        problem["problems"] = [vars(each) for each in error.problems]
    return problem


def receipt_of(document: object) -> Document:
    if isinstance(document, dict) and isinstance(document.get("input"), dict):
        return document
    raise broken_json("this is not a receipt: it has no input", "这不是匹配回执：缺少 input")


def zone_of(said: Document) -> ZoneInfo:
    """Where the institution was: the zone its days were counted in."""
    try:
        return ZoneInfo(str(said.get("zone")))
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise broken_json(
            "this is not a receipt: it does not name its zone", "这不是匹配回执：缺少时区"
        ) from None


def comparison(found: Sequence[tuple[str, object, object]]) -> Document:
    if not found:
        return {
            "identical": True,
            "zh": "重新推导的结果与回执一致。",
            "en": "The decision derived again is identical to the receipt.",
        }
    return {
        "identical": False,
        "zh": "重新推导的结果与回执不一致。",
        "en": "The decision derived again differs from the receipt.",
        "differences": [
            {"path": path, "receipt": said, "derived": derived} for path, said, derived in found
        ],
    }


def unreadable(en: str, zh: str) -> int:
    print(f"{en}\n{zh}", file=sys.stderr)
    return 2

"""decide and verify: the offline commands. Nothing here needs a database or a broker."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, TextIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chassis.errors import Invalid
from services.suitability.domain.decision import decide
from services.suitability.domain.packs import Packs
from services.suitability.domain.receipt import Document, differences, receipt
from services.suitability.domain.sale import UnreadableSale, read_sale

LONGEST_LINE = 1_000_000
DECIDE_USAGE = "usage: python -m services.suitability decide < sales.jsonl > decisions.jsonl"
VERIFY_USAGE = "usage: python -m services.suitability verify receipt.json"


class Unparsable(Invalid):
    def __init__(self, en: str, zh: str) -> None:
        super().__init__("broken_json", en, zh)


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
        packs, failed = self._packs(), False
        for number, line in numbered(lines):
            answer = self.answer(line, number, packs)
            failed = failed or "error" in answer
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        out.flush()
        return int(failed)

    def answer(self, line: bytes, number: int, packs: Packs) -> Document:
        label: Document = {}
        try:
            document = parsed(line)
            label = labelled(document)
            sale = read_sale(document)
            pack = packs.in_force(sale.on(self._zone))
            return label | receipt(decide(sale, pack, self._zone))
        except Invalid as error:
            return {**label, "line": number, "error": explained(error)}


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
        return differences({key: said.get(key) for key in derived}, derived)


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


def parsed(line: bytes) -> object:
    if len(line) > LONGEST_LINE:
        raise Unparsable(f"longer than {LONGEST_LINE} bytes", f"超过 {LONGEST_LINE} 字节")
    try:
        return json.loads(line.decode("utf-8-sig"), parse_constant=refuse_constant)
    except UnicodeDecodeError:
        raise Unparsable("not UTF-8 text", "不是 UTF-8 文本") from None
    except RecursionError:
        raise Unparsable("nested too deeply", "嵌套过深") from None
    except ValueError as error:
        raise Unparsable(f"not JSON: {error}", f"不是有效的 JSON：{error}") from None


def refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not a JSON value")


def labelled(document: object) -> Document:
    """The line's own id, given back so that answers can be told apart."""
    if isinstance(document, dict) and isinstance(document.get("id"), str | int):
        return {"id": document["id"]}
    return {}


def explained(error: Invalid) -> Document:
    problem: Document = {
        "code": error.code,
        "field": error.field,
        "zh": error.zh,
        "en": error.en,
    }
    if isinstance(error, UnreadableSale):
        problem["problems"] = [vars(each) for each in error.problems]
    return problem


def receipt_of(document: object) -> Document:
    if isinstance(document, dict) and isinstance(document.get("input"), dict):
        return document
    raise Unparsable("this is not a receipt: it has no input", "这不是决定凭证：缺少 input")


def zone_of(said: Document) -> ZoneInfo:
    """Where the institution was: the zone its days were counted in."""
    try:
        return ZoneInfo(str(said.get("zone")))
    except (ValueError, ZoneInfoNotFoundError):
        raise Unparsable(
            "this is not a receipt: it does not name its zone", "这不是决定凭证：缺少时区"
        ) from None


def comparison(found: Sequence[tuple[str, object, object]]) -> Document:
    if not found:
        return {
            "identical": True,
            "zh": "重新推导的决定与凭证一致。",
            "en": "The decision derived again is identical to the receipt.",
        }
    return {
        "identical": False,
        "zh": "重新推导的决定与凭证不一致。",
        "en": "The decision derived again differs from the receipt.",
        "differences": [
            {"path": path, "receipt": said, "derived": derived} for path, said, derived in found
        ],
    }


def unreadable(en: str, zh: str) -> int:
    print(f"{en}\n{zh}", file=sys.stderr)
    return 2

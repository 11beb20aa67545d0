"""marketing: does the text on standard input say what marketing may not say?"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from chassis.clock import Clock
from chassis.errors import Invalid
from services.suitability.domain.catalogue import CHANNELS, PRODUCT_KINDS
from services.suitability.domain.marketing import Finding, MarketingWords
from services.suitability.entrypoints.cli import unreadable
from services.suitability.usecases.check_marketing import (
    DEPOSIT,
    LONGEST,
    Checked,
    CheckMarketing,
    check_marketing,
)

LONGEST_INPUT = 4 * LONGEST  # bytes
Document = dict[str, object]


class MarketingCommand:
    """Prints what was found as JSON: 0 nothing, 1 something, 2 when it could not look."""

    def __init__(
        self, load: Callable[[], Sequence[MarketingWords]], zone: ZoneInfo, clock: Clock
    ) -> None:
        self._load = load
        self._zone = zone
        self._clock = clock

    def __call__(self, argv: Sequence[str]) -> int:
        asked = parser().parse_args(argv)
        try:
            command = CheckMarketing(
                texts=[text_of(sys.stdin.buffer.read(LONGEST_INPUT + 1))],
                channel=asked.channel,
                product_kind=asked.product_kind,
                on=asked.on or self._clock().astimezone(self._zone).date(),
            )
            checked = check_marketing(command, self._load())
        except Invalid as error:
            return unreadable(error.en, error.zh)
        print(json.dumps(told(command.texts[0], checked), ensure_ascii=False, indent=2))
        return int(checked.total > 0)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m services.suitability marketing")
    made.add_argument("--channel", choices=CHANNELS.choices, default="")
    made.add_argument("--product-kind", choices=(*PRODUCT_KINDS.choices, DEPOSIT), default="")
    made.add_argument("--on", type=date.fromisoformat, help="the day, else today")
    return made


def text_of(read: bytes) -> str:
    try:
        return read.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("not_text", "this is not UTF-8 text", "不是 UTF-8 文本") from None


def told(text: str, checked: Checked) -> Document:
    return {
        "words": checked.words.version,
        "total": checked.total,
        "requires": list(checked.requires),
        "findings": [finding_document(text, one) for _, one in checked.findings],
    }


def finding_document(text: str, one: Finding) -> Document:
    rule = one.rule
    return {
        "start": one.start,
        "end": one.end,
        "found": text[one.start : one.end],
        "word": one.word,
        "rule": rule.id,
        "regulation": rule.regulation_zh,
        "article": rule.article,
        "status": str(rule.status),
        "zh": rule.zh,
        "en": rule.en,
        "instead_zh": rule.instead_zh,
        "instead_en": rule.instead_en,
    }

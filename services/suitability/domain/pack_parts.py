"""What may stand in a part of a pack's documents; each check raises PackError."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from string import Formatter

from services.suitability.domain.catalogue import DERIVED
from services.suitability.domain.expression import PackError
from services.suitability.domain.values import CALENDAR, ISO_DAY

Check = Callable[[object], None]

VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
RULE_ID = re.compile(r"[A-Z][A-Za-z0-9.-]{0,39}", re.ASCII)
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}", re.ASCII)
DECIMAL = re.compile(r"\d{1,15}(\.\d{1,8})?", re.ASCII)
PRINTABLE = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]*")
LONGEST_TEXT = 2000  # characters
LARGEST_NUMBER = 10**12
MOST = 500  # entries of anything
CONCLUDED = {
    name: kind.choices
    for name, kind in DERIVED.items()
    if name.startswith("sale.") and kind.choices
}
# What the engine itself reads, and from where to where it can work with it.
RANGES = {
    "assessments_per_day": (1, 100),
    "assessments_per_window": (1, 1000),
    "assessment_window_months": (1, 120),
    "assessment_valid_months": (1, 120),
    "decision_valid_days": (1, 3650),
}
OPTIONAL_RANGES = {"price_change_percent": (1, 1000)}


def wrong(en: str, zh: str) -> PackError:
    return PackError(en, zh)


def matching(pattern: re.Pattern[str], en: str, zh: str) -> Check:
    def check(value: object) -> None:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise wrong(en, zh)

    return check


def one_of(*words: str) -> Check:
    def check(value: object) -> None:
        if value not in words:
            raise wrong(f"must be one of: {', '.join(words)}", f"只能是：{'、'.join(words)}")

    return check


def sentence(value: object) -> None:
    if not isinstance(value, str) or not value.strip():
        raise wrong("must be text", "必须是文本")
    if len(value) > LONGEST_TEXT or not PRINTABLE.fullmatch(value):
        raise wrong("is too long or holds a control character", "过长或者含有控制字符")


def day(value: object) -> None:
    said = value.isoformat() if isinstance(value, date) else value
    try:
        known = isinstance(said, str) and ISO_DAY.fullmatch(said) and date.fromisoformat(said)
    except ValueError:
        known = None
    if not known or known.year not in CALENDAR:
        raise wrong("must be a date such as 2026-11-01", "必须是日期，例如 2026-11-01")


def flag(value: object) -> None:
    if not isinstance(value, bool):
        raise wrong("must be true or false", "必须是 true 或 false")


def scalar(value: object) -> None:
    """A flag, a whole number, or text; a decimal is text such as "0.2"."""
    match value:
        case bool():
            return
        case int() if abs(value) <= LARGEST_NUMBER:
            return
        case Decimal() if DECIMAL.fullmatch(f"{value:f}"):
            return
        case str() if len(value) <= 100 and PRINTABLE.fullmatch(value):
            if value.isascii() or not value.replace(".", "", 1).isdigit():
                return
    raise wrong(
        'must be true, false, a whole number, or text; a decimal is text such as "0.2"',
        '必须是 true、false、整数或者文本；小数写成文本，例如 "0.2"',
    )


def value(given: object) -> None:
    if isinstance(given, list) and len(given) <= MOST:
        for item in given:
            scalar(item)
        return
    scalar(given)


def listed(of: Check) -> Check:
    def check(given: object) -> None:
        if not isinstance(given, list) or len(given) > MOST:
            raise wrong("must be a list", "必须是列表")
        for item in given:
            of(item)

    return check


def obligation(given: object) -> None:
    if not isinstance(given, dict) or not given.get("name"):
        raise wrong("must be an object with a name", "必须是含有 name 的对象")
    for key, term in given.items():
        name_check(key)
        if key == "rules":
            raise wrong("'rules' is taken", "'rules' 已被占用")
        if key == "name":
            name_check(term)
        else:
            expression_or_value(term)
    if given["name"] == "cooling_off":
        refuse_without_length(given)


def expression_or_value(term: object) -> None:
    """Text that begins with = is worked out from the facts."""
    if isinstance(term, str) and term.startswith("="):
        sentence(term)
    else:
        value(term)


def refuse_without_length(given: Mapping[str, object]) -> None:
    lengths = [given[unit] for unit in ("hours", "days") if unit in given]
    for length in lengths:
        worked_out = isinstance(length, str) and length.startswith("=")
        if not worked_out and (isinstance(length, bool) or not isinstance(length, int)):
            raise wrong("a length must be a whole number", "时长必须是整数")
    if not lengths:
        raise wrong("a cooling-off needs hours or days", "冷静期须写明 hours 或 days")


def conclusion(given: object) -> None:
    if not isinstance(given, dict) or len(given) != 1:
        raise wrong("must say one fact", "必须只有一个事实")
    ((name, settled),) = given.items()
    if name not in CONCLUDED or settled not in CONCLUDED[name]:
        known = ", ".join(f"{fact} = {'|'.join(words)}" for fact, words in CONCLUDED.items())
        raise wrong(f"must be one of: {known}", f"只能是：{known}")


version_check = matching(
    VERSION,
    "must be up to 40 letters, digits, dots, dashes or underscores",
    "须为不超过 40 个字母、数字、点、短横或下划线",
)
name_check = matching(
    NAME,
    "must be lower-case letters, digits and underscores",
    "须为小写字母、数字和下划线",
)
key_check = matching(KEY, "must be letters and digits", "须为字母和数字")
rule_id_check = matching(RULE_ID, "must be such as MAT-01", "须如 MAT-01")


def refuse_wrong_places(text: str, parameters: Mapping[str, object]) -> None:
    """A sentence has no other places to fill than parameters by name."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise wrong("a brace is not closed", "花括号不成对") from None
    for _, name, form, conversion in parts:
        if name is not None and (name not in parameters or form or conversion):
            raise wrong(f"{{{name}}} is no parameter of the pack", f"{{{name}}} 不是规则包的参数")

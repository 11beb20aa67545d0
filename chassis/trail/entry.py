"""One entry of the trail, and what may be said in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
ACTION = re.compile(r"[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39}){1,3}", re.ASCII)
CODE = re.compile(r"[A-Za-z0-9_*-][A-Za-z0-9._:/+*-]{0,127}", re.ASCII)
PERSONAL = re.compile(r"(86|\+86)?1[3-9]\d{9}|\d{15}|\d{17}[\dXx]", re.ASCII)  # phone, identity
DEEPEST = 3
MOST = 200  # values in one place

Value = str | int | Decimal | bool | date | None | Sequence["Value"] | Mapping[str, "Value"]
Details = Mapping[str, Value]


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"


class Unfit(ValueError):
    """It may hold personal data, and the trail must not. Says where, and not what."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What happened; who did it, when and in which trace is added where it is written.

    *action* is `thing.verb` in the past tense, *subject* the id of what it is about, *purpose* a
    code. *details* hold ids, codes, numbers, moments and truth values: never a sentence or a name.
    """

    action: str
    subject: str = ""
    purpose: str = ""
    outcome: Outcome = Outcome.DONE
    details: Details = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not ACTION.fullmatch(self.action):
            raise Unfit("action must be of the form thing.verb")
        for name in ("subject", "purpose"):
            _check_text(getattr(self, name), name)
        _check(self.details, "details", DEEPEST)


def code(text: str) -> str:
    """*text* when an entry may say it, else nothing: for what a caller has sent."""
    return text if _is_code(text) else ""


def written(value: Value) -> object:
    """As JSON has it."""
    if isinstance(value, Mapping):
        return {name: written(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [written(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _check(value: Value, where: str, depth: int) -> None:
    if value is None or isinstance(value, bool | int | Decimal | date):
        return
    if isinstance(value, str):
        _check_text(value, where)
    elif isinstance(value, Mapping) and depth and len(value) <= MOST:
        for name, inner in value.items():
            if not NAME.fullmatch(name):
                raise Unfit(f"a name in {where} is none")
            _check(inner, f"{where}.{name}", depth - 1)
    elif isinstance(value, list | tuple) and depth and len(value) <= MOST:
        for inner in value:
            _check(inner, where, depth - 1)
    else:
        raise Unfit(f"{where} is too deep, too long or of an unknown kind")


def _check_text(text: str, where: str) -> None:
    if text and not _is_code(text):
        raise Unfit(f"{where} is neither an id nor a code")


def _is_code(text: str) -> bool:
    return bool(CODE.fullmatch(text)) and not any(
        PERSONAL.fullmatch(part) for part in re.split(r"[/:*]", text)
    )

"""Read a process's configuration from the environment, once, and report all that is wrong."""

import dataclasses
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

T = TypeVar("T")

LEAST_KEPT_DAYS = 183
SHANGHAI = ZoneInfo("Asia/Shanghai")


class AtLeast183Days(int):
    """Days that cover any six months, the least a trail is kept (DAT-08)."""

    def __new__(cls, days: str | int) -> "AtLeast183Days":
        if int(days) < LEAST_KEPT_DAYS:
            raise ValueError(f"fewer than {LEAST_KEPT_DAYS} days")
        return super().__new__(cls, days)


SIX_MONTHS = AtLeast183Days(LEAST_KEPT_DAYS)


class Positive(int):
    """1 or more."""

    def __new__(cls, number: str | int) -> "Positive":
        if int(number) < 1:
            raise ValueError("less than 1")
        return super().__new__(cls, number)


TWO_YEARS = Positive(24)  # in months
A_QUARTER = Positive(90)  # in days


@dataclass(frozen=True, kw_only=True)
class ServiceConfig:
    """What every service needs to know."""

    database_url: str = field(repr=False)
    amqp_url: str = field(repr=False)
    rpc_address: str  # host:port the gRPC server listens on
    caller_key: str  # public JWK that callers' tokens are verified with, or a set of them
    rpc_threads: int = 8
    tls_certificate: str = ""  # PEM files; with all three, only clients of that authority get in
    tls_key: str = ""
    tls_authority: str = ""
    plaintext: bool = False  # without them, even where others could listen
    zone: ZoneInfo = SHANGHAI
    trail_kept_days: AtLeast183Days = SIX_MONTHS
    event_log_kept_months: Positive = TWO_YEARS
    inbox_kept_days: Positive = A_QUARTER


KEY_BYTES = 32


class Key(bytes):
    """32 bytes, written in base64."""

    @classmethod
    def read(cls, text: str) -> "Key":
        key = cls(_key(text))
        if len(key) != KEY_BYTES:
            raise ValueError(f"not {KEY_BYTES} bytes")
        return key


class Keys(dict[str, bytes]):
    """Keys by id in base64, such as `m2:…,m1:…`; the first is the current one."""


class ConfigurationError(Exception):
    """One line per missing or malformed name."""


def read(kind: type[T], service: str, environ: Mapping[str, str]) -> T:
    """Fill *kind* from LIHENG_<SERVICE>_<FIELD>, or else from LIHENG_<FIELD>."""
    hints = get_type_hints(kind)
    values: dict[str, object] = {}
    problems: list[str] = []
    for each in dataclasses.fields(kind):  # type: ignore[arg-type]
        name = f"LIHENG_{service.upper()}_{each.name.upper()}"
        shared = f"LIHENG_{each.name.upper()}"
        text = environ.get(name) or environ.get(shared)
        if text:
            try:
                values[each.name] = parser_of(hints[each.name])(text)
            except (ValueError, KeyError, ZoneInfoNotFoundError):
                wanted = hints[each.name].__name__
                problems.append(f"{name if environ.get(name) else shared} is not a valid {wanted}")
        elif each.default is MISSING and each.default_factory is MISSING:
            problems.append(f"{name} (or {shared}) is missing")
    if problems:
        raise ConfigurationError("\n".join(problems))
    return kind(**values)


def parser_of(kind: Any) -> Callable[[str], Any]:
    """A choice is read as one of its words; other kinds of ours know how to read themselves."""
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    reads: Callable[[str], Any] = getattr(kind, "read", None) or PARSERS[kind]
    return reads


def _boolean(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text.lower()]


def _key(text: str) -> bytes:
    return b64decode(text, validate=True)


def _keys(text: str) -> Keys:
    named = [each.strip().partition(":") for each in text.split(",")]
    keys = Keys({key_id: _key(written) for key_id, _, written in named})
    if not all(keys) or len(keys) < len(named):
        raise ValueError("a key without an id, or two with the same")
    return keys


PARSERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    AtLeast183Days: AtLeast183Days,
    Positive: Positive,
    float: float,
    bool: _boolean,
    bytes: _key,
    Keys: _keys,
    Path: Path,
    ZoneInfo: ZoneInfo,
}

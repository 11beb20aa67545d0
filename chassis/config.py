"""Read a process's configuration from the environment, once, and report all that is wrong."""

import dataclasses
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

T = TypeVar("T")

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True)
class ServiceConfig:
    """What every service needs to know."""

    database_url: str
    amqp_url: str
    rpc_address: str  # host:port the gRPC server listens on
    caller_key: str  # public JWK that callers' tokens are verified with
    rpc_threads: int = 8
    zone: ZoneInfo = SHANGHAI


class ConfigurationError(Exception):
    """One line per missing or malformed name."""


def read(kind: type[T], service: str, environ: Mapping[str, str]) -> T:
    """Fill *kind* from LIHENG_<SERVICE>_<FIELD>, or else from LIHENG_<FIELD>."""
    hints = get_type_hints(kind)
    values: dict[str, object] = {}
    problems: list[str] = []
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        name = f"LIHENG_{service.upper()}_{field.name.upper()}"
        shared = f"LIHENG_{field.name.upper()}"
        text = environ.get(name) or environ.get(shared)
        if text:
            try:
                values[field.name] = PARSERS[hints[field.name]](text)
            except (ValueError, KeyError, ZoneInfoNotFoundError):
                wanted = hints[field.name].__name__
                problems.append(f"{name if environ.get(name) else shared} is not a valid {wanted}")
        elif field.default is MISSING and field.default_factory is MISSING:
            problems.append(f"{name} (or {shared}) is missing")
    if problems:
        raise ConfigurationError("\n".join(problems))
    return kind(**values)


def _boolean(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text.lower()]


def _key(text: str) -> bytes:
    return b64decode(text, validate=True)


PARSERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    float: float,
    bool: _boolean,
    bytes: _key,
    Path: Path,
    ZoneInfo: ZoneInfo,
}

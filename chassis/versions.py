"""The version that the caller has seen: what they change is that one, or nothing.

It travels as metadata, `<id>:<version>`. A repository checks it when it loads the thing to change;
saving it only as it was loaded makes the check hold until the commit.
"""

from contextvars import ContextVar
from dataclasses import dataclass

from chassis.errors import Conflict, Invalid

METADATA_KEY = "if-match"


@dataclass
class Seen:
    thing_id: str
    version: int
    checked: bool = False


_seen: ContextVar[Seen | None] = ContextVar("seen", default=None)


def set_seen(said: str) -> None:
    """Nothing when *said* is empty."""
    thing_id, _, version = said.rpartition(":")
    if said and not version.isdecimal():
        raise Invalid("bad_version", "the version is not a number", "版本号无效")
    _seen.set(Seen(thing_id, int(version)) if said else None)


def check(thing_id: str, version: int) -> None:
    """Refuse when this is the thing that the caller has seen, and it has changed since."""
    seen = _seen.get()
    if seen is None or seen.thing_id != thing_id or seen.checked:
        return
    if seen.version != version:
        raise changed_meanwhile()
    seen.checked = True


def refuse_unchecked() -> None:
    """Before a commit: a condition that nobody looked at must not count as met."""
    seen = _seen.get()
    if seen is not None and not seen.checked:
        raise Invalid(
            "precondition_unknown",
            "this change cannot be made to depend on a version; send it without If-Match",
            "此操作不支持按版本校验，请去掉 If-Match 后重试",
        )


def changed_meanwhile() -> Conflict:
    return Conflict(
        "changed_meanwhile",
        "somebody else changed this meanwhile; read it again and retry",
        "该记录已被他人修改，请重新读取后再试",
    )

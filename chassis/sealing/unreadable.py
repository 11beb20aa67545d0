"""A sealed value that does not open: told to the operator, and refused to the caller."""

import logging

from prometheus_client import Counter

from chassis.config import ConfigurationError
from chassis.errors import Conflict
from chassis.sealing.keyring import UnknownKey

log = logging.getLogger(__name__)

UNREADABLE = Counter(
    "sealed_unreadable_total", "Sealed values that could not be opened", ["key_id"]
)


class Unreadable(Conflict):
    """Its key is not there, or it was damaged, or it was sealed for another place."""

    def __init__(self) -> None:
        super().__init__(
            "sealed_unreadable",
            "a protected value of this record cannot be read; tell operations, who find it in the "
            "log under this request",
            "该记录的一项受保护数据无法读取，请联系运维人员，按本次请求编号查询日志",
        )


def unreadable(key_id: str, place: str, error: Exception) -> Unreadable:
    """Counted and logged: with its key and place, and nothing of what it holds."""
    known = key_id if len(key_id) <= 32 and key_id.isascii() and key_id.isprintable() else "?"
    UNREADABLE.labels(known).inc()
    why = error if isinstance(error, UnknownKey | ConfigurationError) else "damaged, or moved here"
    log.error("%s: sealed with key %s, cannot be opened: %s", place, known, why)
    return Unreadable()

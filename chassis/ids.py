"""Identifiers that sort by the moment they were made."""

from datetime import datetime

import uuid_utils


def new_id() -> str:
    """A UUIDv7 (RFC 9562) in its canonical text form."""
    return str(uuid_utils.uuid7())


def first_id_of(moment: datetime) -> str:
    """No identifier made at *moment* or later sorts before it."""
    milliseconds = f"{int(moment.timestamp() * 1000):012x}"
    return f"{milliseconds[:8]}-{milliseconds[8:]}-7000-8000-000000000000"

"""Identifiers that sort by the moment they were made."""

import uuid_utils


def new_id() -> str:
    """A UUIDv7 (RFC 9562) in its canonical text form."""
    return str(uuid_utils.uuid7())

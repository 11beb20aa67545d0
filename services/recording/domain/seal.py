"""What makes a recording final."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class Seal:
    """The evidence as it was found complete; nothing in it changes afterwards."""

    manifest: str  # canonical JSON
    digest: str  # SHA-256 of the manifest, hex
    retain_until: date
    rules: tuple[str, ...]
    locked_until: datetime
    by: str
    at: datetime
    manifest_version: str = ""  # of the manifest's object, once it is kept

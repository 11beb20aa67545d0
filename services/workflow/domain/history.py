"""Histories of leads and sales: written once, never rewritten."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Change:
    """What happened, by whom, when, and the state it led to."""

    what: str
    by: str
    at: datetime
    state: str
    details: Mapping[str, str] = field(default_factory=dict)

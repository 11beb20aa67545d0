"""What the customer service reads from its environment."""

from dataclasses import dataclass, field

from chassis.config import ServiceConfig
from chassis.sealing.config import IndexedConfig


@dataclass(frozen=True, kw_only=True)
class KeysConfig(IndexedConfig):
    """All that the command `keys` needs."""

    field_key: bytes = field(default=b"", repr=False)  # from before there were data keys
    field_key_id: str = "k1"


@dataclass(frozen=True, kw_only=True)
class Config(KeysConfig, ServiceConfig):
    largest_book: int = 32 * 1024 * 1024  # bytes
    kyc_valid_days: int = 365
    longest_grant_days: int = 90

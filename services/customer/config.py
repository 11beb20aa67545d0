"""What the customer service reads from its environment."""

from dataclasses import dataclass, field

from chassis.config import Keys, ServiceConfig
from services.customer.adapters.ciphers import Algorithm


@dataclass(frozen=True, kw_only=True)
class KeysConfig:
    """What personal data is sealed and found with: all that the command `keys` needs."""

    database_url: str = field(repr=False)
    master_keys: Keys = field(repr=False)  # wrap the keys of personal data
    index_key: bytes = field(repr=False)  # 32 bytes, base64: finds what is sealed
    previous_index_key: bytes = field(default=b"", repr=False)  # finds what is not indexed anew
    sealing: Algorithm = Algorithm.AES_256_GCM  # of data keys to come
    field_key: bytes = field(default=b"", repr=False)  # from before there were data keys
    field_key_id: str = "k1"


@dataclass(frozen=True, kw_only=True)
class Config(KeysConfig, ServiceConfig):
    largest_book: int = 32 * 1024 * 1024  # bytes
    kyc_valid_days: int = 365
    longest_grant_days: int = 90

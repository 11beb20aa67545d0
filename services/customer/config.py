"""What the customer service reads from its environment."""

from dataclasses import dataclass

from chassis.config import ServiceConfig


@dataclass(frozen=True, kw_only=True)
class Config(ServiceConfig):
    field_key: bytes  # 32 bytes, base64: seals personal data
    index_key: bytes  # 32 bytes, base64: finds it again without opening it
    field_key_id: str = "k1"  # written in front of everything sealed with field_key
    largest_book: int = 32 * 1024 * 1024  # bytes
    kyc_valid_days: int = 365

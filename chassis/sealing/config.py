"""What a service that seals personal data reads from its environment."""

from dataclasses import dataclass, field

from chassis.config import Keys
from chassis.sealing.algorithm import Algorithm


@dataclass(frozen=True, kw_only=True)
class SealingConfig:
    """All that the command `keys` needs."""

    database_url: str = field(repr=False)
    master_keys: Keys = field(repr=False)  # wrap the keys of personal data
    sealing: Algorithm = Algorithm.AES_256_GCM  # of data keys to come


@dataclass(frozen=True, kw_only=True)
class IndexedConfig(SealingConfig):
    """Also of a service that finds what is sealed."""

    index_key: bytes = field(repr=False)  # 32 bytes, base64: finds what is sealed
    previous_index_key: bytes = field(default=b"", repr=False)  # finds what is not indexed anew

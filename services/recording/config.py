"""What the recording service reads from its environment."""

from dataclasses import dataclass, field

from chassis.config import ConfigurationError, ServiceConfig
from chassis.sealing.config import SealingConfig
from services.recording.domain.regime import Licence
from services.recording.domain.segment import MEBIBYTE


@dataclass(frozen=True, kw_only=True)
class BucketConfig:
    """Where evidence is kept; *s3_public_endpoint* is what browsers reach, when it is another."""

    s3_endpoint: str  # host:port, or https://host:port
    s3_access_key: str
    s3_secret_key: str = field(repr=False)
    s3_bucket: str
    s3_region: str = "us-east-1"
    s3_public_endpoint: str = ""


@dataclass(frozen=True, kw_only=True)
class Config(BucketConfig, SealingConfig, ServiceConfig):
    licence: str  # the institution's own
    largest_segment: int = 1024 * MEBIBYTE  # bytes

    @property
    def own_licence(self) -> Licence:
        try:
            return Licence(self.licence)
        except ValueError:
            known = ", ".join(Licence)
            raise ConfigurationError(f"LIHENG_LICENCE must be one of: {known}") from None

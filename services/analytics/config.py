"""What the analytics service reads from its environment."""

from dataclasses import dataclass

from chassis.config import ServiceConfig


@dataclass(frozen=True, kw_only=True)
class Config(ServiceConfig):
    """Nothing beyond what every service needs."""

"""What the workflow service reads from its environment."""

from dataclasses import dataclass

from chassis.config import ServiceConfig
from chassis.sealing.config import IndexedConfig


@dataclass(frozen=True, kw_only=True)
class Config(IndexedConfig, ServiceConfig):
    """Nothing beyond what every service needs that seals, and finds what is sealed."""

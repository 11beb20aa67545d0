"""What several events ask for, in their order and in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from services.analytics.usecases.ports import AnalyticsWork


@dataclass(frozen=True)
class Step:
    """A use case and its command."""

    usecase: Callable[[Any, AnalyticsWork], None]
    command: Any


def apply_steps(steps: Sequence[Step], work: AnalyticsWork) -> None:
    for step in steps:
        step.usecase(step.command, work)

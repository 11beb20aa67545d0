"""What all tests share: real servers for those that ask, and which tests those are."""

from pathlib import Path

import pytest
from hypothesis import settings

NEEDS_SERVERS = {"integration", "e2e", "faults", "noninterference"}
LONGEST_FIRST = ("e2e", "noninterference", "privacy", "faults")  # or all wait for them at the end

pytest_plugins = ["tests.servers"]

# Properties are not judged by the clock: the machine is shared.
settings.register_profile("patient", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if NEEDS_SERVERS & set(Path(item.path).parts):
            item.add_marker(pytest.mark.integration)
    items.sort(key=lambda item: turn(Path(item.path)))


def turn(path: Path) -> int:
    places = [place for place, folder in enumerate(LONGEST_FIRST) if folder in path.parts]
    return min(places, default=len(LONGEST_FIRST))

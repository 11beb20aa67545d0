"""Ports for a stack beside the one that may be running."""

import os

from deploy.local import free_ports
from deploy.local.ports import PORTS

APART = 700  # more than lies between the lowest port and the highest
OFFSETS = range(-10 * APART, 6 * APART, APART)


def unused_offset() -> int:
    """Processes that test side by side look in different places."""
    numbers = [number for port in PORTS.values() for number in {port.number, port.highest}]
    place = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    places = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    return next(
        offset
        for offset in OFFSETS[place::places]
        if offset and all(free_ports.free(number + offset) for number in numbers)
    )

"""Ports for a stack beside the one that may be running."""

from deploy.local import free_ports
from deploy.local.ports import PORTS

OFFSETS = range(2000, 4000, 100)


def unused_offset() -> int:
    numbers = [number for port in PORTS.values() for number in {port.number, port.highest}]
    return next(
        offset for offset in OFFSETS if all(free_ports.free(number + offset) for number in numbers)
    )

"""When a delivery that failed is tried again, and when an endpoint is given up."""

import random
from datetime import timedelta

# As the specification of Standard Webhooks recommends; the first try is at once.
PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.2  # either way, so that what failed together does not come back together
GIVEN_UP_AFTER = timedelta(days=5)  # in which nothing was taken


def pause_after(attempts: int, pauses: tuple[timedelta, ...] = PAUSES) -> timedelta | None:
    """None when it is not tried again."""
    if attempts > len(pauses):
        return None
    return pauses[attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311

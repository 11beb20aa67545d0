"""How much processor time processes have taken, as Linux counts it."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from time import process_time

TICKS = os.sysconf("SC_CLK_TCK")
ROUNDS = 5


def spent(pids: Iterable[int]) -> float:
    """Seconds, of user and system together."""
    return sum(_ticks(Path(f"/proc/{pid}/stat").read_text()) for pid in pids) / TICKS


def _ticks(stat: str) -> int:
    user, system = stat.rpartition(")")[2].split()[11:13]
    return int(user) + int(system)


def seconds_of(work: Callable[[], object], *, times: int) -> float:
    """Processor seconds of one *work* in this process, at its quietest."""
    rounds = []
    for _ in range(ROUNDS):
        started = process_time()
        for _ in range(times):
            work()
        rounds.append((process_time() - started) / times)
    return min(rounds)

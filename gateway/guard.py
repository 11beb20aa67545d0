"""Keeps a slow or dead service from taking the others with it: a breaker and a bulkhead."""

import math
import time
from collections.abc import Callable
from types import TracebackType

import grpc
from prometheus_client import Counter

from gateway.problems import Problem, service_away, service_busy

MOST_UNDER_WAY = 100  # calls of one gateway process to one service
FAILURES = 5  # in a row until the service is left alone
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 8.0  # seconds

AWAY = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED})

REFUSED = Counter("gateway_calls_refused_total", "Calls not made", ["service", "why"])


class Guard:
    """Entered for each call to one service; refuses at once what would only wait.

    After some failures in a row the service is left alone for a while, then tried with one call.
    """

    def __init__(self, service: str, now: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._now = now
        self._under_way = 0
        self._failures = 0
        self._pause = FIRST_PAUSE
        self._closed_until = 0.0
        self._trying = False

    def __enter__(self) -> None:
        if self._left_alone:
            self._refuse_while_away()
            self._trying = True
        if self._under_way >= MOST_UNDER_WAY:
            raise self._refused("busy", service_busy(self._service))
        self._under_way += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._under_way -= 1
        if isinstance(error, grpc.aio.AioRpcError) and error.code() in AWAY:
            self._failed()
        elif error is None or isinstance(error, grpc.aio.AioRpcError):
            self._answered()
        else:
            self._trying = False  # given up by us: says nothing about the service

    @property
    def _left_alone(self) -> bool:
        return self._failures >= FAILURES

    def _refuse_while_away(self) -> None:
        seconds = self._closed_until - self._now()
        if self._trying or seconds > 0:
            wait = str(max(1, math.ceil(seconds)))
            raise self._refused("away", service_away(self._service, wait))

    def _failed(self) -> None:
        """Late failures of calls made before do not make the pause longer."""
        if self._trying or self._failures + 1 == FAILURES:
            self._closed_until = self._now() + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        self._failures += 1
        self._trying = False

    def _answered(self) -> None:
        self._failures = 0
        self._pause = FIRST_PAUSE
        self._trying = False

    def _refused(self, why: str, problem: Problem) -> Problem:
        REFUSED.labels(self._service, why).inc()
        return problem

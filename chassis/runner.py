"""Run one use case in one transaction, at most once per incoming message."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from time import perf_counter
from typing import Generic, TypeVar, overload

from prometheus_client import Counter, Histogram

from chassis.errors import Refusal
from chassis.trail import origin
from chassis.work import BatchWork, Work

W_co = TypeVar("W_co", bound=Work, covariant=True)
B = TypeVar("B", bound=BatchWork)
C = TypeVar("C")
R = TypeVar("R")

log = logging.getLogger(__name__)

SECONDS = Histogram("usecase_seconds", "Time spent in a use case", ["usecase"])
OUTCOMES = Counter("usecase_total", "Use cases run", ["usecase", "outcome"])


class Runner(Generic[W_co]):
    def __init__(self, begin: Callable[[], AbstractContextManager[W_co]]) -> None:
        self._begin = begin

    @overload
    def __call__(self, usecase: Callable[[C, W_co], R], command: C) -> R: ...

    @overload
    def __call__(self, usecase: Callable[[C, W_co], R], command: C, *, once: str) -> R | None: ...

    def __call__(
        self, usecase: Callable[[C, W_co], R], command: C, *, once: str | None = None
    ) -> R | None:
        """Commit what *usecase* did, or none of it.

        With *once*, a message id that was handled before is skipped.
        """
        origin.usecase.set(usecase.__name__)
        with Watch(usecase.__name__, once or "") as watch, self._begin() as work:
            if once is not None and work.already_handled(once):
                watch.outcome = "duplicate"
                return None
            result = usecase(command, work)
            work.commit()
            watch.outcome = "done"
            return result


class BatchRunner(Runner[B]):
    """Also runs a use case once for several messages."""

    def together(
        self, usecase: Callable[[Sequence[C], B], None], commands: Mapping[str, C]
    ) -> None:
        """Commit what *usecase* did with *commands*, by message id, or none of it.

        It is given those that were not handled before, in their order.
        """
        origin.usecase.set(usecase.__name__)
        with Watch(usecase.__name__) as watch, self._begin() as work:
            fresh = work.unhandled(list(commands))
            if not fresh:
                watch.outcome = "duplicate"
                return
            usecase([command for each, command in commands.items() if each in fresh], work)
            work.commit()
            watch.outcome = "done"


class Watch:
    """Counts, times and logs one use case."""

    def __init__(self, usecase: str, message_id: str = "") -> None:
        self.outcome = "failed"
        self._usecase = usecase
        self._message_id = message_id

    def __enter__(self) -> "Watch":
        self._started = perf_counter()
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Refusal):
            self.outcome = "refused"
        SECONDS.labels(self._usecase).observe(perf_counter() - self._started)
        OUTCOMES.labels(self._usecase, self.outcome).inc()
        log.info(
            "%s: %s",
            self._usecase,
            self.outcome,
            extra={
                "usecase": self._usecase,
                "message_id": self._message_id,
                "refusal": error.code if isinstance(error, Refusal) else "",
            },
        )

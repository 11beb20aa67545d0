"""When a service is left alone, and when it is tried again."""

from contextlib import suppress

import grpc
import pytest

from gateway.guard import FAILURES, FIRST_PAUSE, LONGEST_PAUSE, MOST_UNDER_WAY, Guard
from gateway.problems import Problem


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guard(clock: Clock) -> Guard:
    return Guard("product", clock)


def failure(code: grpc.StatusCode = grpc.StatusCode.UNAVAILABLE) -> grpc.aio.AioRpcError:
    return grpc.aio.AioRpcError(code, grpc.aio.Metadata(), grpc.aio.Metadata())


def fail(guard: Guard, times: int = 1, error: BaseException | None = None) -> None:
    for _ in range(times):
        with suppress(grpc.aio.AioRpcError, TimeoutError), guard:
            raise error or failure()


def refused(guard: Guard) -> Problem:
    with pytest.raises(Problem) as caught, guard:
        pass
    return caught.value


def test_a_service_that_failed_often_in_a_row_is_left_alone(guard: Guard) -> None:
    fail(guard, FAILURES)

    problem = refused(guard)

    assert (problem.status, problem.code) == (503, "service_away")
    assert problem.headers == {"Retry-After": "1"}


def test_an_answer_in_between_starts_the_count_anew(guard: Guard) -> None:
    fail(guard, FAILURES - 1)
    fail(guard, 1, failure(grpc.StatusCode.NOT_FOUND))
    fail(guard, FAILURES - 1)

    with guard:
        pass


def test_one_call_tries_whether_it_is_back(guard: Guard, clock: Clock) -> None:
    fail(guard, FAILURES)
    clock.now = FIRST_PAUSE

    with guard:
        assert refused(guard).code == "service_away"

    with guard, guard:
        pass


def test_the_pause_grows_while_it_stays_away_and_not_without_end(
    guard: Guard, clock: Clock
) -> None:
    fail(guard, FAILURES)
    waits = []
    for _ in range(6):
        waits.append(float(refused(guard).headers["Retry-After"]))
        clock.now += waits[-1]
        fail(guard)

    assert waits == [1.0, 2.0, 4.0, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]


def test_a_trial_that_we_gave_up_says_nothing(guard: Guard, clock: Clock) -> None:
    fail(guard, FAILURES)
    clock.now = FIRST_PAUSE
    fail(guard, 1, TimeoutError())

    with guard:
        pass


def test_a_service_has_only_so_many_calls_under_way(guard: Guard) -> None:
    for _ in range(MOST_UNDER_WAY):
        guard.__enter__()

    problem = refused(guard)
    guard.__exit__(None, None, None)

    assert (problem.status, problem.code) == (503, "service_busy")
    with guard:
        pass

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from prometheus_client import REGISTRY

from chassis.errors import RuleBroken
from chassis.runner import Runner
from chassis.trail import Entry


class FakeWork:
    def __init__(self, store: "Store") -> None:
        self._store = store
        self.written: list[str] = []
        self._noted: list[str] = []

    def already_handled(self, message_id: str) -> bool:
        self._noted.append(message_id)
        return message_id in self._store.handled

    def record(self, entry: Entry) -> None:
        """Nothing it does needs one."""

    def commit(self) -> None:
        self._store.rows += self.written
        self._store.handled += self._noted


class Store:
    def __init__(self) -> None:
        self.rows: list[str] = []
        self.handled: list[str] = []

    @contextmanager
    def begin(self) -> Iterator[FakeWork]:
        yield FakeWork(self)


def write_row(command: str, work: FakeWork) -> str:
    work.written.append(command)
    if command == "forbidden":
        raise RuleBroken("no", "no", "不")
    return command.upper()


def count(outcome: str) -> float:
    return REGISTRY.get_sample_value("usecase_total", labels(outcome)) or 0.0


def labels(outcome: str) -> dict[str, str]:
    return {"usecase": "write_row", "outcome": outcome}


def test_what_a_use_case_did_is_committed() -> None:
    store = Store()

    answer = Runner(store.begin)(write_row, "a")

    assert (answer, store.rows) == ("A", ["a"])


def test_a_refused_use_case_commits_nothing() -> None:
    store = Store()
    before = count("refused")

    with pytest.raises(RuleBroken):
        Runner(store.begin)(write_row, "forbidden")

    assert store.rows == []
    assert count("refused") == before + 1


def test_a_message_is_applied_once() -> None:
    store = Store()
    run = Runner(store.begin)

    first = run(write_row, "a", once="m-1")
    second = run(write_row, "a", once="m-1")

    assert (first, second, store.rows) == ("A", None, ["a"])


def test_a_failed_message_may_come_again() -> None:
    store = Store()
    run = Runner(store.begin)

    with pytest.raises(RuleBroken):
        run(write_row, "forbidden", once="m-1")
    run(write_row, "a", once="m-1")

    assert store.rows == ["a"]

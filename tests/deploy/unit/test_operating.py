"""What an operator runs knows where everything of this stack is."""

import os
from pathlib import Path
from typing import Any

import pytest

from deploy.local import operating, settings
from deploy.local.ports import OWNERS
from deploy.local.say import Problem


class Became(Exception):
    """Instead of taking this process's place."""


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    told: list[Any] = []

    def execve(_: str, command: list[str], environ: dict[str, str]) -> None:
        told.extend((command[1:], environ))
        raise Became

    monkeypatch.setattr(os, "execve", execve)
    monkeypatch.setenv("LIHENG_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return told


def test_the_command_is_run_with_every_database_of_the_stack(became: list[Any]) -> None:
    with pytest.raises(Became):
        operating.become(settings.read(), ["chassis.replay", "list", "customer"])

    command, environ = became
    assert command == ["-m", "chassis.replay", "list", "customer"]
    databases = {environ[f"LIHENG_{owner.upper()}_DATABASE_URL"] for owner in OWNERS}
    assert len(databases) == len(OWNERS)
    assert environ["LIHENG_AMQP_URL"].startswith("amqp://")


def test_without_a_command_it_says_how(became: list[Any]) -> None:
    with pytest.raises(Problem, match="make operate"):
        operating.become(settings.read(), [])
    assert became == []

import os

import pytest

from deploy.local import packages
from deploy.local.say import Problem


def only(*present: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "on_path", lambda command: command in present)


def test_root_installs_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    only("apt-get", "sudo", monkeypatch=monkeypatch)
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert packages.privilege(["ffmpeg"]) == ()


def test_anyone_else_installs_with_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    only("apt-get", "sudo", monkeypatch=monkeypatch)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert packages.privilege(["ffmpeg"]) == ("sudo",)


def test_without_sudo_the_command_for_root_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    only("apt-get", monkeypatch=monkeypatch)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(Problem, match="apt-get install --no-install-recommends ffmpeg"):
        packages.privilege(["ffmpeg"])


def test_a_system_without_apt_is_told_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch=monkeypatch)

    with pytest.raises(Problem, match="not Debian"):
        packages.privilege(["ffmpeg"])

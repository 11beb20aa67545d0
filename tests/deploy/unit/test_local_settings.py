from pathlib import Path

import pytest

from deploy.local import settings
from deploy.local.ports import COMPANION, PORTS
from deploy.local.say import Problem


def test_without_any_variable_data_live_in_the_checkout() -> None:
    read = settings.read({})

    assert read.home == settings.CHECKOUT / "var"
    assert read.ports["gateway"] == 18080
    assert not read.split


def test_an_offset_moves_every_port() -> None:
    moved = settings.read({"LIHENG_PORT_OFFSET": "100"})

    assert all(moved.ports[name] == port.number + 100 for name, port in PORTS.items())


def test_a_port_that_is_given_is_not_moved() -> None:
    read = settings.read({"LIHENG_PORT_OFFSET": "100", "LIHENG_PORT_S3": "19000"})

    assert read.ports["s3"] == 19000


def test_everything_malformed_is_reported_at_once() -> None:
    environ = {"LIHENG_PORT_S3": "many", "LIHENG_PORT_AMQP": "70000", "LIHENG_SPLIT": "yes"}

    with pytest.raises(Problem) as problem:
        settings.read(environ)

    for name in environ:
        assert name in str(problem.value)


def test_two_ports_may_not_be_the_same() -> None:
    with pytest.raises(Problem, match="LIHENG_PORT_GATEWAY and LIHENG_PORT_POSTGRES"):
        settings.read({"LIHENG_PORT_GATEWAY": "18432"})


def test_no_default_port_is_where_the_kernel_takes_outgoing_ones() -> None:
    assert max(port.highest for port in PORTS.values()) < 32768


def test_no_port_is_the_companion_of_another() -> None:
    numbers = [port.number for port in PORTS.values()]
    companions = [port.number + COMPANION for port in PORTS.values() if port.companion]

    assert len({*numbers, *companions}) == len(numbers) + len(companions)


def test_other_processes_read_the_same_settings() -> None:
    read = settings.read({"LIHENG_HOME": "/srv/liheng", "LIHENG_SPLIT": "1"})

    assert settings.read(read.environ()) == read


def test_sockets_of_a_deep_folder_go_to_a_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1000")

    deep = settings.read({"LIHENG_HOME": "/srv/" + "deep/" * 30})

    assert deep.sockets.parent == Path("/run/user/1000")
    assert settings.read({"LIHENG_HOME": "/srv/liheng"}).sockets == Path("/srv/liheng/run")

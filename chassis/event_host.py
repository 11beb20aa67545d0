"""Runs the nameko classes of one service or several in this process, until SIGTERM."""

import logging
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import eventlet
from nameko.containers import ServiceContainer
from nameko.runners import ServiceRunner
from sqlalchemy.exc import SQLAlchemyError

from chassis import eventlet_first, garbage, topology
from chassis.failures import described
from chassis.probes import Probes
from chassis.subscriptions import AMQP_URL, DATABASE_URL, POLICY, Mail
from chassis.topology import Policy

log = logging.getLogger(__name__)

WATCH_SECONDS = 0.2


@dataclass(frozen=True)
class Hosted:
    """A nameko class with its dependencies bound, and what it needs."""

    service: type[Any]
    amqp_url: str
    database_url: str
    policy: Policy = topology.DEFAULT


def host(hosted: Sequence[Hosted], probe_address: tuple[str, int]) -> None:
    """Returns after SIGTERM or SIGINT, when everything under way is done; raises if a part dies."""
    told = _until_told()
    eventlet_first.check()
    logging.getLogger("nameko.containers").setLevel(logging.CRITICAL)  # errors are reported once
    runner = _runner(hosted)
    probes = Probes(probe_address, {each.service_name: _ready(each) for each in runner.containers})
    probes.start()
    _check_database(hosted[0])
    runner.start()
    garbage.settle()
    running = eventlet.spawn(runner.wait)
    while not told and not running.dead:
        eventlet.sleep(WATCH_SECONDS)
    probes.not_ready()
    if told:
        runner.stop()
    running.wait()
    probes.stop()


def _until_told() -> list[int]:
    """Holds the signal once it has come; a signal handler can do no more beside eventlet."""
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: told.append(received))
    return told


def _runner(hosted: Sequence[Hosted]) -> Any:
    runner = ServiceRunner({})
    for each in hosted:
        config = {
            AMQP_URL: each.amqp_url,
            DATABASE_URL: each.database_url,
            POLICY: each.policy,
        }
        runner.service_map[each.service.name] = ServiceContainer(each.service, config)
    return runner


def _ready(container: Any) -> Any:
    def ready() -> bool:
        mail = container.shared_extensions.get(Mail)
        return bool(container.started and (mail is None or mail.connected()))

    return ready


def _check_database(hosted: Hosted) -> None:
    try:
        eventlet_first.check_database(hosted.database_url)
    except SQLAlchemyError as error:
        log.warning("%s: no database yet: %s", hosted.service.name, described(error))

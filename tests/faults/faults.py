"""What breaks while events are under way: each fault is told a scene under load."""

import threading
from collections.abc import Callable
from typing import Any

from chassis.ids import new_id
from chassis.publishing import Letter, Publisher
from liheng.customer.v1.events_pb2 import KycRejected
from tests.faults.scene import Scene
from tests.faults.servers import Servers

Fault = Callable[[Scene, Servers], None]

THREE_TIMES = (0.2, 0.45, 0.7)  # of the events
AWAY = 15.0  # seconds


def nothing(scene: Scene, _: Servers) -> None:
    """For comparison."""


def worker_killed(scene: Scene, _: Servers) -> None:
    for share in THREE_TIMES:
        scene.await_sent(share)
        scene.replace(scene.workers)


def relay_killed(scene: Scene, _: Servers) -> None:
    for share in THREE_TIMES:
        scene.await_sent(share)
        scene.replace(scene.relays)


def broker_killed(scene: Scene, servers: Servers) -> None:
    for share in THREE_TIMES[:2]:
        scene.await_sent(share)
        servers.kill_broker()
        servers.await_all()


def broker_restarted(scene: Scene, servers: Servers) -> None:
    scene.await_sent(0.3)
    servers.control("stop_app")
    servers.control("start_app")


def database_killed(scene: Scene, servers: Servers) -> None:
    for share in THREE_TIMES:
        scene.await_sent(share)
        servers.kill_database()
        servers.await_all()


def database_away(scene: Scene, servers: Servers) -> None:
    scene.await_sent(0.3)
    with servers.without_database():
        _wait(AWAY)


def poison(scene: Scene, _: Servers) -> None:
    for share in THREE_TIMES:
        scene.await_sent(share)
        scene.blame(KycRejected(customer_id="c-1", reason="refuse"))


def undecodable(scene: Scene, _: Servers) -> None:
    for share in THREE_TIMES:
        scene.await_sent(share)
        event_id = new_id()
        scene.guilty.add(event_id)
        publisher = Publisher(scene.stage.amqp_url)
        properties: dict[str, Any] = {"message_id": event_id, "delivery_mode": 2}
        publisher.deliver(Letter("", "liheng.ledger.inbox", b"\xff\x00 no event", properties))
        publisher.close()


def deadly(scene: Scene, _: Servers) -> None:
    scene.await_sent(0.3)
    scene.blame(KycRejected(customer_id="c-1", reason="die"))


def slow_consumer(scene: Scene, _: Servers) -> None:
    """Nobody applies anything for a while; then all of it waits."""
    for worker in scene.workers:
        worker.stop()
    scene.workers.clear()
    scene.await_sent(0.9)
    scene.start_workers()


def disk_alarm(scene: Scene, servers: Servers) -> None:
    """The broker takes nothing while its disk counts as full."""
    scene.await_sent(0.2)
    servers.control("set_disk_free_limit", "900000GB")
    _wait(AWAY)
    servers.control("set_disk_free_limit", "50MB")


def memory_alarm(scene: Scene, servers: Servers) -> None:
    scene.await_sent(0.2)
    servers.control("set_vm_memory_high_watermark", "absolute", "1MB")
    _wait(AWAY)
    servers.control("set_vm_memory_high_watermark", "absolute", "1GB")


def network_cut(scene: Scene, _: Servers) -> None:
    """Between the processes and the broker; they reach it through a proxy."""
    for share in THREE_TIMES[:2]:
        scene.await_sent(share)
        scene.proxy.cut()
        _wait(AWAY)
        scene.proxy.mend()


FAULTS: dict[str, Fault] = {
    "nothing": nothing,
    "worker kill -9, 3 times": worker_killed,
    "relay kill -9, 3 times": relay_killed,
    "broker kill -9, 2 times": broker_killed,
    "broker restarted": broker_restarted,
    "database kill -9, 3 times": database_killed,
    "database away for 15 s": database_away,
    "3 that are refused": poison,
    "3 that cannot be read": undecodable,
    "one that kills its process": deadly,
    "slow consumer": slow_consumer,
    "broker's disk full for 15 s": disk_alarm,
    "broker's memory full for 15 s": memory_alarm,
    "network cut, 2 times 15 s": network_cut,
}


def _wait(seconds: float) -> None:
    threading.Event().wait(seconds)

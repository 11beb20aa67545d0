"""The live feed beside its floor: what a client and a delivery cost in memory and CPU."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import httpx
from google.protobuf.message import Message

from bench.figure import Figure, show
from bench.processor import spent
from chassis.envelope import Outgoing, properties
from chassis.migrations import migrate
from chassis.publishing import Letter, Publisher
from chassis.topology import exchange_of
from gateway.store.processes import MIGRATIONS
from liheng.workflow.v1.events_pb2 import LeadAssigned

CLIENTS = 500
EVENTS = 40
PER_SECOND = 10.0
PATIENCE = 60.0  # seconds
FEED_PORT, FLOOR_PORT = 19090, 19091

Tell = Callable[[int], Awaitable[None]]


@dataclass(frozen=True)
class Cost:
    kib_per_client: float
    micros_per_delivery: float  # of CPU


class Client:
    """Counts the frames that carry data."""

    def __init__(self) -> None:
        self.heard = 0

    async def listen(self, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /events HTTP/1.1\r\nHost: bench\r\n\r\n")
        try:
            while piece := await reader.read(65536):
                self.heard += piece.count(b"data: ")
        finally:
            writer.close()


def resident_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


async def cost(pid: int, port: int, tell: Tell) -> Cost:
    await answering(port)
    alone = resident_kib(pid)
    clients = [Client() for _ in range(CLIENTS)]
    tasks = [asyncio.create_task(client.listen(port)) for client in clients]
    await tell(0)
    await all_heard(clients, 1)
    crowded, before = resident_kib(pid), spent([pid])
    for number in range(1, EVENTS + 1):
        await tell(number)
        await asyncio.sleep(1 / PER_SECOND)
    await all_heard(clients, 1 + EVENTS)
    used = spent([pid]) - before
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return Cost((crowded - alone) / CLIENTS, used / (CLIENTS * EVENTS) * 1e6)


async def answering(port: int) -> None:
    """Until a stream is given."""
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient(trust_env=False) as asking:
        while True:
            try:
                async with asking.stream("GET", f"http://127.0.0.1:{port}/events") as answer:
                    if answer.status_code == httpx.codes.OK:
                        return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.2)


async def all_heard(clients: list[Client], least: int) -> None:
    until = perf_counter() + PATIENCE
    while any(client.heard < least for client in clients):
        if perf_counter() > until:
            raise RuntimeError(f"only {min(c.heard for c in clients)} of {least} were heard by all")
        await asyncio.sleep(0.05)


def announcing(publisher: Publisher) -> Tell:
    async def tell(number: int) -> None:
        event = LeadAssigned(
            lead_id=f"l-{number}", customer_id="c-bench", adviser_id="s-1", branch_id="b-bench"
        )
        if number == 0:
            await asyncio.sleep(2)  # the clients come first
        await asyncio.to_thread(publisher.publish, [letter_of(event, number + 1)])

    return tell


def letter_of(event: Message, sequence: int) -> Letter:
    outgoing = Outgoing.of(event, source="workflow")
    exchange, body = exchange_of(outgoing.type), outgoing.body.encode()
    return Letter(exchange, outgoing.type, body, properties(outgoing, sequence))


async def telling_floor(number: int) -> None:
    frame = b"id: %s\nevent: lead\ndata: %s\n\n" % (b"x" * 48, b"y" * 110)
    if number == 0:
        await asyncio.sleep(2)
    async with httpx.AsyncClient(trust_env=False) as asking:
        await asking.post(f"http://127.0.0.1:{FLOOR_PORT}/tell", content=frame)


def served(kind: str, port: int, tell: Tell, **environ: str) -> Cost:
    command = [sys.executable, "-m", "bench.push_server", kind, str(port)]
    process = subprocess.Popen(command, env={**os.environ, **environ})
    try:
        return asyncio.run(cost(process.pid, port, tell))
    finally:
        process.kill()
        process.wait()


def measure(database_url: str, amqp_url: str) -> None:
    """On a database and a vhost of its own: events nobody else may hear."""
    migrate(database_url, MIGRATIONS)
    publisher = Publisher(amqp_url)
    places = {"LIHENG_GATEWAY_DATABASE_URL": database_url, "LIHENG_AMQP_URL": amqp_url}
    feed = served("feed", FEED_PORT, announcing(publisher), **places)
    publisher.close()
    floor = served("floor", FLOOR_PORT, telling_floor)
    name, baseline = f"gateway.push.{CLIENTS}_clients", "bare StreamingResponse, the same bytes"
    memory = (feed.kib_per_client, "KiB", baseline, floor.kib_per_client)
    cpu = (feed.micros_per_delivery, "µs of CPU", baseline, floor.micros_per_delivery)
    show(Figure(f"{name}.memory_per_client", *memory))
    show(Figure(f"{name}.cpu_per_delivery", *cpu))

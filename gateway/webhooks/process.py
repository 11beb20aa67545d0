"""python -m gateway webhooks: take events in and send them out, until SIGTERM."""

import asyncio
import logging
import os
import signal
from datetime import timedelta
from functools import partial
from typing import NoReturn

from chassis import log as logs
from chassis.clock import system_clock
from chassis.config import read
from chassis.probes import Probes
from chassis.process import ProcessConfig
from gateway.store.database import Store
from gateway.webhooks import deliveries, endpoints, repeats
from gateway.webhooks.config import WebhooksConfig
from gateway.webhooks.intake import Intake
from gateway.webhooks.posting import Poster
from gateway.webhooks.secrets import Vault
from gateway.webhooks.sender import Sender, Ways

log = logging.getLogger(__name__)

PRUNED_EVERY = 3600.0  # seconds


def serve() -> None:
    config = read(WebhooksConfig, "gateway", os.environ)
    process = read(ProcessConfig, "process", os.environ)
    logs.configure("webhooks", process.log_level)
    asyncio.run(run(config, process))


async def run(config: WebhooksConfig, process: ProcessConfig) -> None:
    store, poster = Store(config.database_url), Poster(config.webhook_networks)
    vault = Vault(config.sealing_keys)
    sender = Sender(store, poster, vault, Ways(lease=config.lease))
    intake = Intake(store, config.amqp_url, sender.news)
    address = (process.probe_host, process.probe_port)
    probes = Probes(address, {"broker": lambda: intake.consumer.connected})
    probes.start()
    await reseal(store, vault)
    parts = (intake.consumer.run(), sender.run(), prune(store, config.webhook_kept_days))
    try:
        await until_told_or_broken([asyncio.create_task(part) for part in parts])
    finally:
        probes.not_ready()
        await poster.close()
        await store.close()
        probes.stop()


async def until_told_or_broken(parts: list[asyncio.Task[NoReturn]]) -> None:
    """A part that ends by itself is a bug: the process ends, too, and is started again."""
    stopping = asyncio.create_task(told_to_stop())
    done, _ = await asyncio.wait([stopping, *parts], return_when=asyncio.FIRST_COMPLETED)
    for task in (stopping, *parts):
        task.cancel()
    await asyncio.gather(stopping, *parts, return_exceptions=True)
    for task in done:
        task.result()


async def reseal(store: Store, vault: Vault) -> None:
    """Once at the start: a key that was changed is needed no longer."""
    changed = await store.insist(partial(endpoints.reseal, resealed=vault.resealed))
    if changed:
        log.info("the secrets of %d webhooks are sealed by the current key", changed)


async def prune(store: Store, kept_days: int) -> NoReturn:
    while True:
        before = system_clock() - timedelta(days=kept_days)
        gone = await store.insist(partial(deliveries.prune, before=before))
        await store.insist(partial(repeats.prune, before=before))
        log.info("%d old deliveries are forgotten", gone)
        await asyncio.sleep(PRUNED_EVERY)


async def told_to_stop() -> None:
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await stopping.wait()

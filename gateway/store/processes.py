"""What runs beside the gateway, on its database."""

import os
from collections.abc import Sequence
from pathlib import Path

from chassis.config import read
from chassis.housekeeping import Kept
from chassis.migrations import migrate as bring_up_to_date
from chassis.relaying import Source, serve_relays
from chassis.topology import connected, declare_exchange, exchange_named
from chassis.trail import commands
from gateway.feed import queues
from gateway.store.config import StoreConfig
from gateway.webhooks import intake

MIGRATIONS = Path(__file__).with_name("migrations")
NAME = "gateway"


def migrate() -> str:
    """The database first, then the broker; answers the version reached."""
    config = store_config()
    reached = bring_up_to_date(config.database_url, MIGRATIONS)
    with connected(config.amqp_url) as connection:
        channel = connection.channel()
        declare_exchange(channel, exchange_named(NAME))
        queues.declare_feed(channel, config.feed_kept)
        queues.declare_custody(channel)
        intake.declare(channel)
    return reached


def relay() -> None:
    """Publish what the gateway announces and chain its trail, until SIGTERM."""
    config = store_config()
    kept = Kept(config.event_log_kept_months, config.inbox_kept_days)
    source = Source(NAME, config.database_url, config.amqp_url, config.zone, kept)
    serve_relays([source], os.environ)


def trail(argv: Sequence[str]) -> int:
    """The exit code of `python -m gateway trail argv`."""
    config = store_config()
    return commands.run(argv, commands.Kept(NAME, config.database_url, config.trail_kept_days))


def store_config() -> StoreConfig:
    return read(StoreConfig, NAME, os.environ)

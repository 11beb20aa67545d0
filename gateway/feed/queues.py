"""The feed's queues on the broker: the stream it is told from, and who looks after whom."""

from typing import Any

from chassis import topology
from gateway.feed.hints import BY_TYPE
from gateway.feed.words import KINDS
from liheng.customer.v1.events_pb2 import AdviserChanged, CustomerOnboarded

FEED = "liheng.gateway.feed"
CUSTODY = "liheng.gateway.custody"
DEAD_LETTERS = topology.dead_letters_of("gateway")

# Read beside the hints, because the database may not know it yet.
BESIDE = {kind.DESCRIPTOR.full_name: kind for kind in (CustomerOnboarded, AdviserChanged)}

# A stream forgets by whole segments.
SEGMENT_BYTES = 1_000_000
LONGEST_BYTES = 100_000_000


def declare_feed(channel: Any, kept_for: str) -> None:
    """*kept_for* is how far back clients can go, such as 1h."""
    arguments = {
        "x-queue-type": "stream",
        "x-max-age": kept_for,
        "x-max-length-bytes": LONGEST_BYTES,
        "x-stream-max-segment-size-bytes": SEGMENT_BYTES,
    }
    channel.queue_declare(FEED, durable=True, auto_delete=False, arguments=arguments)
    topology.bind(channel, FEED, {*BY_TYPE, *BESIDE})


def declare_custody(channel: Any) -> None:
    topology.declare_intake(channel, CUSTODY, DEAD_LETTERS, KINDS)

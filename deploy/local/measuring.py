"""`make bench`: the benchmarks, against the stack that is up."""

from deploy.local import journey, postgres, stack
from deploy.local.clock import OffsetClock
from deploy.local.identity.tokens import token_for
from deploy.local.settings import Settings
from deploy.local.stack import Stack


def bench(settings: Settings) -> int:
    from bench import gateway

    running = Stack.of(settings)
    stack.up(running)
    gateway.measure(
        settings.url("gateway"),
        postgres.service_url(settings, running.secrets, "customer"),
        token_for,
        OffsetClock(settings.clock_offset),
        lambda by: journey.forward(settings, by),
    )
    return 0

"""The main job, walked by the example staff on the clock of this stack."""

import threading
from datetime import timedelta

import httpx

from deploy.local import clock
from deploy.local.clock import LOOKED_AT_AGAIN_AFTER, OffsetClock
from deploy.local.identity.tokens import token_for
from deploy.local.say import Problem, say
from deploy.local.settings import Settings


def walk(settings: Settings) -> None:
    from examples import journey
    from examples.journey.api import Unexpected

    say("\nOne client, from lead to holding, over the public API")
    try:
        journey.walk(
            settings.url("gateway"),
            token_for,
            OffsetClock(settings.clock_offset),
            lambda by: forward(settings, by),
            say,
        )
    except (Unexpected, httpx.HTTPError) as error:
        raise Problem(f"the journey failed: {error}\nThe stack stays up (`make logs`)") from error


def forward(settings: Settings, by: timedelta) -> None:
    """Returns when every process has noticed."""
    clock.forward(settings.clock_offset, by)
    threading.Event().wait(2 * LOOKED_AT_AGAIN_AFTER)

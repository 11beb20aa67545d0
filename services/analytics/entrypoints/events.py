"""Events analytics listens to, applied as many at a time as there are."""

from collections.abc import Sequence
from typing import cast
from zoneinfo import ZoneInfo

from chassis.dependencies import Given, Now, RunUseCase
from chassis.subscriptions import Told, batch, timer
from services.analytics.domain.month import Month
from services.analytics.entrypoints.steps import TRANSLATIONS, Steps
from services.analytics.usecases.apply_steps import apply_steps
from services.analytics.usecases.close_months import CloseMonths, close_months

CLOSING_INTERVAL = 60.0  # seconds


class AnalyticsEvents:
    name = "analytics"

    run = RunUseCase()
    now = Now()
    zone = cast(ZoneInfo, Given())

    @batch(*TRANSLATIONS)
    def told(self, told: Sequence[Told]) -> None:
        steps = Steps(self.zone)
        found = {each.meta.event_id: steps.of(each.event, each.meta) for each in told}
        self.run.together(apply_steps, {key: step for key, step in found.items() if step})

    @timer(interval=CLOSING_INTERVAL)
    def month_ended(self) -> None:
        now = self.now()
        current = Month.of(now.astimezone(self.zone).date())
        self.run(close_months, CloseMonths(current=current, at=now))

"""A lead or a sale came to its next stage."""

from dataclasses import dataclass

from services.analytics.domain.journey import Arrival, Particulars, Stage
from services.analytics.usecases.ports import AnalyticsWork


@dataclass(frozen=True, kw_only=True)
class ReachStage:
    journey_id: str
    stage: Stage
    arrival: Arrival
    particulars: Particulars


def reach_stage(command: ReachStage, work: AnalyticsWork) -> None:
    work.freshness.note(command.arrival.at)
    advance(command, work)


def advance(command: ReachStage, work: AnalyticsWork) -> None:
    journey = work.journeys.get(command.journey_id)
    work.figures.move(journey.reach(command.stage, command.arrival, command.particulars))
    work.journeys.save(journey)

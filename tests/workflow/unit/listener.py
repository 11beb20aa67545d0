"""The events process of workflow, without a broker."""

from chassis.dependencies import injected
from chassis.runner import Runner
from chassis.subscriptions import Meta
from services.workflow.entrypoints.events import WorkflowEvents
from tests.workflow.examples import NOON
from tests.workflow.unit.fakes import FakeWork, fake_begin


class Listener:
    def __init__(self, work: FakeWork) -> None:
        self.now = NOON
        run = Runner(fake_begin(work))
        self.events = injected(WorkflowEvents, run=run, now=lambda: self.now)


def meta(sequence: int = 1, event_id: str = "") -> Meta:
    return Meta(event_id or f"e-{sequence}", "", sequence, NOON, "elsewhere")

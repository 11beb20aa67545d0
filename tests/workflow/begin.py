"""How tests begin work."""

from contextlib import AbstractContextManager
from typing import Protocol

from chassis.scope import EVERYTHING, Scope
from services.workflow.usecases.ports import WorkflowWork


class Begin(Protocol):
    def __call__(self, scope: Scope = EVERYTHING) -> AbstractContextManager[WorkflowWork]: ...

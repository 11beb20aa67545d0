"""How tests begin work."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from services.workflow.usecases.ports import WorkflowWork

Begin = Callable[[], AbstractContextManager[WorkflowWork]]

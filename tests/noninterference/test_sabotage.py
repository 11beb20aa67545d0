"""A scope, a mask or a sum that is forgotten in one place is noticed."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.scope import EVERYTHING
from services.analytics.entrypoints import reading as analytics_reading
from services.customer.adapters import access_queries
from services.customer.entrypoints import writing as customer_writing
from services.suitability.adapters.queries import SuitabilityQueries
from services.suitability.usecases import decide as suitability_decide
from tests.gateway.signing import Signing
from tests.noninterference.cast import in_role
from tests.noninterference.comparing import Asked, interview
from tests.noninterference.requests import operations
from tests.noninterference.stacks import Stack

pytestmark = pytest.mark.timeout(600)  # seconds: whole worlds are built and asked

WORLDS = range(4)
Forgotten = tuple[object, str, Callable[..., Any]]

FORGOTTEN: dict[str, tuple[str, str, Forgotten]] = {
    "the scope of a query": (
        "adviser",
        "decisions",
        (SuitabilityQueries, "_seen", lambda self, statement, customer: statement),
    ),
    "the scope of a change": (
        "team_leader",
        "decisions",
        (suitability_decide, "served", lambda known: True),
    ),
    "the mask of a phone": (
        "compliance",
        "customers",
        (customer_writing, "mask_phone", lambda phone: phone),
    ),
    "whom a handover concerns": (
        "branch_manager",
        "handovers",
        (access_queries, "handover_seen", lambda scope: sa.true()),
    ),
    "the reach of a sum": (
        "branch_manager",
        "analytics",
        (analytics_reading, "figures_of", lambda who: EVERYTHING),
    ),
}


@pytest.mark.parametrize(("role", "about", "forgotten"), FORGOTTEN.values(), ids=FORGOTTEN)
def test_what_is_forgotten_is_noticed(
    role: str,
    about: str,
    forgotten: Forgotten,
    stacks: tuple[Stack, Stack],
    signing: Signing,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    routes = [operation for operation in operations() if about in operation.path]
    monkeypatch.setattr(*forgotten)

    def noticed(seed: int) -> bool:
        who = Random(seed).choice(in_role(role))
        return bool(interview(who, seed, stacks, signing, Asked()).ask(routes))

    assert any(map(noticed, WORLDS))

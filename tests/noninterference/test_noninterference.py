"""What a caller may not see changes nothing in any answer, on every route of the document."""

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.gateway.signing import Signing
from tests.noninterference.cast import ROLES, in_role
from tests.noninterference.comparing import Asked, interview
from tests.noninterference.conftest import WORLDS
from tests.noninterference.requests import operations
from tests.noninterference.stacks import Stack

pytestmark = pytest.mark.timeout(600)  # seconds: whole worlds are built and asked

Stacks = tuple[Stack, Stack]

SEEDS = 5

# A failing pair of worlds is told by its seed; smaller numbers are not smaller worlds.
each_world = settings(
    max_examples=WORLDS,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("role", ROLES)
@each_world
@given(seed=st.integers(0, 2**32))
def test_what_is_hidden_changes_nothing(
    role: str, seed: int, stacks: Stacks, signing: Signing
) -> None:
    note(f"seed {seed}")
    who = Random(seed).choice(in_role(role))

    differences = interview(who, seed, stacks, signing, Asked()).ask(operations())

    assert not differences, "\n".join(map(str, differences))


def test_every_route_that_shows_what_is_there_was_answered(
    stacks: Stacks, signing: Signing
) -> None:
    asked = Asked()
    reading = [each for each in operations() if each.reads and not each.streams]

    for seed in range(1, SEEDS + 1):  # what is drawn at random may miss what is there
        for role in ("adviser", "auditor", "administrator"):
            interview(in_role(role)[0], seed, stacks, signing, asked).ask(reading)
        silent = {operation.name for operation in reading} - asked.succeeded()
        if silent <= NOTHING_IS_THERE:
            return
        reading = [operation for operation in reading if operation.name in silent]
    pytest.fail(f"never answered: {sorted(silent - NOTHING_IS_THERE)}")


# A recording is uploaded piece by piece to the object store. Drafts of rule packs and their
# rehearsals belong to compliance, who see the whole institution: nothing is hidden from them.
# Dead letters and replays belong to operations, and wait in a broker that the worlds are without.
NOTHING_IS_THERE = {
    "GET /operations/{service}/dead-letters",
    "GET /operations/{service}/dead-letters/{event_id}",
    "GET /operations/{service}/replays",
    "GET /operations/{service}/replays/{replay_id}",
    "GET /recordings/{recording_id}/segments/{segment_id}/playback",
    "GET /rehearsals/{rehearsal_id}",
    "GET /rehearsals/{rehearsal_id}/cases",
    "GET /rehearsals/{rehearsal_id}/cases.csv",
    "GET /rehearsals/{rehearsal_id}/tallies",
    "GET /rule-packs/{pack_id}/differences",
}

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
SELLING = ("adviser", "team_leader", "branch_manager")  # who see some clients, and others not

# A failing pair of worlds is told by its seed; smaller numbers are not smaller worlds.
each_world = settings(
    max_examples=WORLDS,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
each_other_world = settings(each_world, max_examples=max(1, WORLDS // 2))


@pytest.mark.parametrize("role", SELLING)
@each_world
@given(seed=st.integers(0, 2**32))
def test_what_others_look_after_changes_nothing(
    role: str, seed: int, stacks: Stacks, signing: Signing
) -> None:
    ask_everything(role, seed, stacks, signing)


@pytest.mark.parametrize("role", [role for role in ROLES if role not in SELLING])
@each_other_world
@given(seed=st.integers(0, 2**32))
def test_what_is_hidden_changes_nothing(
    role: str, seed: int, stacks: Stacks, signing: Signing
) -> None:
    ask_everything(role, seed, stacks, signing)


def ask_everything(role: str, seed: int, stacks: Stacks, signing: Signing) -> None:
    note(f"seed {seed}")
    who = Random(seed).choice(in_role(role))

    differences = interview(who, seed, stacks, signing, Asked()).ask(operations())

    assert not differences, "\n".join(map(str, differences))


def test_every_route_that_shows_what_is_there_was_answered(
    stacks: Stacks, signing: Signing
) -> None:
    asked = Asked()
    silent = [
        each
        for each in operations()
        if each.reads and not each.streams and each.name not in NOTHING_IS_THERE
    ]

    for seed in range(1, SEEDS + 1):  # what is drawn at random may miss what is there
        for role in ("auditor", "adviser", "compliance", "administrator"):
            interview(in_role(role)[0], seed, stacks, signing, asked).ask(silent * seed)
            silent = [each for each in silent if each.name not in asked.succeeded()]
            if not silent:
                return
    pytest.fail(f"never answered: {sorted(each.name for each in silent)}")


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

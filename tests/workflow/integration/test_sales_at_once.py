"""Several callers, and events, at the same sale at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from chassis.errors import Conflict, Refusal
from chassis.status import to_refusal
from tests.workflow.integration.house import ADA, LEADER, House


@pytest.mark.parametrize("attempt", range(5))
def test_of_a_signature_and_a_rescission_at_once_the_sale_shows_one_order(
    house: House, attempt: int
) -> None:
    sale_id = house.recorded_sale()
    outcomes = at_once(lambda: house.sign(sale_id), lambda: house.rescind(sale_id, LEADER))

    sale = house.get(sale_id)
    assert None in outcomes
    if outcomes[1] is None:
        assert sale.state == "rescinded"
    else:
        assert (sale.state, type(outcomes[1])) == ("signed", Conflict)
    assert sale.version == 3 + outcomes.count(None)


def test_of_many_signatures_at_once_exactly_one_wins(house: House) -> None:
    sale_id = house.recorded_sale()

    outcomes = at_once(*[lambda: house.sign(sale_id)] * 6)

    assert outcomes.count(None) == 1
    assert all(isinstance(outcome, Conflict) for outcome in outcomes if outcome)
    assert house.announced(sale_id).count("SaleSigned") == 1


def at_once(*calls: Callable[[], object]) -> list[Refusal | None]:
    """How each was refused; None for those that were not."""

    def outcome(call: Callable[[], object]) -> Refusal | None:
        try:
            call()
        except grpc.RpcError as error:
            assert isinstance(error, grpc.Call)
            return to_refusal(error)
        return None

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(outcome, calls))


def test_an_event_waits_for_a_call_instead_of_losing_to_it(house: House) -> None:
    for _ in range(5):
        sale = house.draft()
        house.decide(sale)
        at_once(lambda: house.rescind(sale.sale_id, ADA), lambda: house.record(sale))  # noqa: B023

        lines = [what for what, _, _ in house.history(sale.sale_id)]
        assert {"recording_sealed", "recording_set_aside"} & set(lines)

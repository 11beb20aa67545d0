"""What is done with clients is in the trail; who they are is not."""

import grpc
import pytest
import sqlalchemy as sa

from tests.customer.integration.calling import Client
from tests.customer.unit.books import ADA, BO


def told(engine: sa.Engine) -> list[sa.Row[tuple[str, str]]]:
    with engine.connect() as connection:
        whole = sa.text("SELECT action, t::text AS whole FROM trail_entries AS t ORDER BY entry_id")
        return list(connection.execute(whole))


def planted() -> list[str]:
    """What the book says of its two clients that could tell somebody who they are."""
    cells = [str(cell) for row in (ADA, BO) for cell in row]
    return [cell for cell in cells if (cell.isdigit() and len(cell) > 10) or len(cell) == 18]


def test_a_book_leaves_an_entry_for_every_client_and_nothing_personal(
    filled: Client, rpc_database: sa.Engine
) -> None:
    entries = told(rpc_database)

    actions = {entry.action for entry in entries}
    assert {"customers.added", "customers.changed", "lots.added", "staff.added"} <= actions
    everything = " ".join(entry.whole for entry in entries)
    assert planted()
    assert [value for value in [*planted(), ADA[1], BO[1]] if str(value) in everything] == []


def test_a_client_that_is_refused_to_be_told_of_is_not_told_of_by_the_trail(
    filled: Client, rpc_database: sa.Engine
) -> None:
    before = len(told(rpc_database))

    with pytest.raises(grpc.RpcError):
        filled.call("GetCustomer", "operations", customer_id="c-none")

    assert len(told(rpc_database)) == before

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Invalid
from chassis.paging import Order, Page, decode, encode, order_named

things = sa.Table(
    "things",
    sa.MetaData(),
    sa.Column("size", sa.Numeric(10, 2), nullable=False),
    sa.Column("name", sa.Text, primary_key=True),
)
BY_SIZE = Order((things.c.size, things.c.name))
ROWS = [{"size": size, "name": f"n-{number}"} for number, size in enumerate([3, 1, 2, 2, 2, 1, 9])]


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        things.metadata.create_all(connection)
        connection.execute(things.insert(), ROWS)
        yield connection
    engine.dispose()


@pytest.mark.filterwarnings("ignore:Dialect sqlite")
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_joined_are_the_whole_list_in_order(
    connection: sa.Connection, limit: int, descending: bool
) -> None:
    order = Order((things.c.size, things.c.name), descending)
    seen, page = [], Page(limit)

    while True:
        rows = connection.execute(order.page(sa.select(things), page)).all()
        shown, following = order.cut(rows, page)
        seen += [(row.size, row.name) for row in shown]
        if not following:
            break
        page = Page(limit, following)

    whole = sorted(((row["size"], row["name"]) for row in ROWS), reverse=descending)
    assert seen == whole


OTHER_ORDERS = [
    Order((things.c.size, things.c.name), descending=True),
    Order((things.c.name,)),
    Order((things.alias("others").c.size, things.alias("others").c.name)),
]


@pytest.mark.parametrize("other", OTHER_ORDERS, ids=["direction", "columns", "list"])
def test_a_cursor_of_another_order_is_refused(connection: sa.Connection, other: Order) -> None:
    rows = connection.execute(sa.select(things)).all()
    _, following = other.cut(rows, Page(1))

    with pytest.raises(Invalid) as caught:
        BY_SIZE.page(sa.select(things), Page(1, following))

    assert caught.value.code == "bad_cursor"


@given(st.text())
def test_a_made_up_cursor_is_refused(cursor: str) -> None:
    try:
        BY_SIZE.page(sa.select(things), Page(10, cursor))
    except Invalid as refusal:
        assert refusal.code == "bad_cursor"


@given(st.lists(st.text()))
def test_a_cursor_gives_back_what_it_was_made_of(values: list[str]) -> None:
    assert decode(encode(values)) == values


@pytest.mark.parametrize("limit", [-1, 201])
def test_a_limit_out_of_range_is_refused(limit: int) -> None:
    with pytest.raises(Invalid):
        Page.asked(limit, "")


def test_no_limit_is_the_usual_one() -> None:
    assert Page.asked(0, "").limit == 50


def test_a_list_is_sorted_as_asked_or_as_it_declares() -> None:
    orders = {"size": BY_SIZE, "-size": Order(BY_SIZE.columns, descending=True)}

    assert order_named("-size", orders, "size").descending
    assert order_named("", orders, "size") is BY_SIZE


def test_a_sort_that_was_not_declared_is_refused_with_those_that_were() -> None:
    with pytest.raises(Invalid, match="one of: size") as caught:
        order_named("colour", {"size": BY_SIZE}, "size")

    assert (caught.value.code, caught.value.field) == ("unknown_sort", "sort")

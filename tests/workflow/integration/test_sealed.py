"""What staff type of clients rests under seal, and its keys change while the service works."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from chassis.config import Keys
from chassis.errors import Conflict
from chassis.migrations import migrate
from chassis.sealing.algorithm import Algorithm
from chassis.sealing.command import Desk, run
from chassis.sealing.config import IndexedConfig
from liheng.workflow.v1 import workflow_pb2 as pb
from services.workflow.adapters import tables
from services.workflow.adapters.sealing import SEALED
from services.workflow.bootstrap import SERVICE
from tests.calling import refusal
from tests.sealing import KEY
from tests.workflow.integration.house import ADA, OPERATIONS, House, open_house
from tests.workflow.integration.sealed import vault_of
from tests.workflow.integration.test_leads_rpc import assign, create

NOTE = "太太林安达的电话是13977665544"
REFERENCE = "FT 2026-1101 林安达"

IN_CLEAR = (
    """UPDATE leads SET contacts_sealed = '', dropped_reason_sealed = '', dropped_reason = :note,
        contacts = jsonb_build_array(jsonb_build_object('channel', 'phone', 'note', :note ::text,
            'by', 's-ada', 'at', '2026-11-01T00:00:00+00:00'))""",
    """UPDATE sales SET payment_reference = :reference, payment_reference_sealed = '',
        payment_reference_index = NULL, closed_reason = :note, closed_reason_sealed = '',
        callbacks_sealed = '', callbacks = jsonb_build_array(jsonb_build_object(
            'outcome', 'failed', 'method', 'letter', 'answers', '{}'::jsonb, 'reason', :note ::text,
            'by', 's-desk', 'at', '2026-11-01T00:00:00+00:00'))
        WHERE sale_id = :sale""",
    """INSERT INTO lead_history (lead_id, version, what, by, at, state, details)
        VALUES (:lead, 9, 'dropped', 's-ada', now(), 'dropped',
            jsonb_build_object('reason', :note ::text))""",
)


@pytest.fixture(scope="module", params=Algorithm)
def sealed_house(
    request: pytest.FixtureRequest, create_database: Callable[[str], str]
) -> Iterator[House]:
    url = create_database(f"workflow_{request.param.name.lower()}")
    migrate(url, SERVICE.migrations)
    with open_house(url, sealing=request.param) as house:
        yield house


@pytest.fixture(scope="module")
def own_house(create_database: Callable[[str], str]) -> Iterator[House]:
    url = create_database("workflow_sealed")
    migrate(url, SERVICE.migrations)
    with open_house(url) as house:
        yield house


def desk(house: House) -> Desk:
    return vault_of(house.writes).desk("…", lambda line: None)


def contacted(house: House, lead_id: str, note: str = NOTE) -> pb.Lead:
    request = pb.ContactLeadRequest(lead_id=lead_id, contact_channel="phone", note=note)
    lead: pb.Lead = house.call(ADA, request).lead
    return lead


def lead_of(house: House) -> str:
    lead_id = create(house).lead_id
    assign(house, lead_id)
    return lead_id


def everything(house: House) -> str:
    """All rows of all tables, as the database writes them."""
    told: list[str] = []
    with house.writes.connect() as connection:
        for table in tables.metadata.sorted_tables:
            rows = connection.execute(sa.text(f"SELECT to_jsonb(t)::text FROM {table.name} t"))
            told += rows.scalars()
    return "\n".join(told)


def test_what_is_typed_is_read_again_and_rests_nowhere_in_clear(sealed_house: House) -> None:
    house = sealed_house
    lead_id, sale_id = lead_of(house), house.recorded_sale()
    contacted(house, lead_id)
    house.call(OPERATIONS, pb.DropLeadRequest(lead_id=create(house).lead_id, reason=NOTE))
    house.sign(sale_id)
    house.pay(sale_id, f"{REFERENCE}!")
    house.call(ADA, pb.RescindSaleRequest(sale_id=sale_id, reason=NOTE))

    read = house.call(ADA, pb.GetLeadRequest(lead_id=lead_id)).lead

    assert read.contacts[0].note == NOTE
    assert house.get(sale_id).closed_reason == NOTE
    assert house.get(sale_id, OPERATIONS).payment_reference == f"{REFERENCE}!"
    for value in (NOTE, "林安达", "13977665544", "FT 2026"):
        assert value not in everything(house)
    with house.writes.connect() as connection:
        used = connection.scalars(sa.text("SELECT algorithm FROM data_keys")).all()
    assert len(used) == 1


def in_clear(house: House) -> tuple[str, str]:
    """As an earlier release left it."""
    lead_id, sale_id = create(house).lead_id, house.paid_sale()
    values = {"note": NOTE, "reference": REFERENCE, "sale": sale_id, "lead": lead_id}
    with house.writes.begin() as connection:
        for statement in IN_CLEAR:
            bound = sa.text(statement)
            asked = {name: values[name] for name in bound._bindparams}
            connection.execute(bound, asked)
    return lead_id, sale_id


def shown(house: House, lead_id: str, sale_id: str) -> list[str]:
    lead = house.call(OPERATIONS, pb.GetLeadRequest(lead_id=lead_id)).lead
    sale = house.get(sale_id, OPERATIONS)
    return [
        lead.contacts[0].note,
        lead.dropped_reason,
        sale.payment_reference,
        sale.closed_reason,
        sale.callbacks[0].reason,
    ]


def test_what_an_earlier_release_wrote_is_read_in_clear_and_sealed_by_resealing(
    sealed_house: House,
) -> None:
    lead_id, sale_id = in_clear(sealed_house)
    before = shown(sealed_house, lead_id, sale_id)
    assert NOTE in everything(sealed_house)
    twin = sealed_house.recorded_sale()
    sealed_house.sign(twin)
    assert isinstance(refusal(lambda: sealed_house.pay(twin, REFERENCE)), Conflict)

    assert run(["reseal"], desk(sealed_house)) == 0

    assert before == shown(sealed_house, lead_id, sale_id) == [NOTE, NOTE, REFERENCE, NOTE, NOTE]
    assert NOTE not in everything(sealed_house)
    assert isinstance(refusal(lambda: sealed_house.pay(twin, REFERENCE)), Conflict)


def test_two_payments_that_turn_out_to_have_one_reference_are_named(own_house: House) -> None:
    """An earlier release told them apart by case."""
    first, second = own_house.paid_sale(), own_house.paid_sale()
    said: list[str] = []
    with own_house.writes.begin() as connection:
        for sale_id, reference in ((first, "FT-9a"), (second, "ft-9A")):
            values = {"payment_reference": reference, "payment_reference_sealed": ""}
            mine = tables.sales.c.sale_id == sale_id
            anew = values | {"payment_reference_index": None}
            connection.execute(tables.sales.update().where(mine).values(anew))

    resealing = vault_of(own_house.writes).desk("…", said.append).resealing
    resealing.run()

    assert resealing.left() == 1
    assert any(f"sales {second}: another row has the same value" in line for line in said)
    assert own_house.get(second, OPERATIONS).payment_reference == "ft-9A"
    with own_house.writes.begin() as connection:
        mended = tables.sales.update().where(tables.sales.c.sale_id == second)
        connection.execute(mended.values(payment_reference="FT-9B"))
    resealing.run()
    assert resealing.left() == 0


@pytest.mark.parametrize("spelt", ["ft2026-1101林安达", "ＦＴ２０２６－１１０１ 林安达", REFERENCE])
def test_one_reference_pays_once_however_it_is_spelt(own_house: House, spelt: str) -> None:
    sales = [own_house.recorded_sale(), own_house.recorded_sale()]
    for sale_id in sales:
        own_house.sign(sale_id)
    reference = f"{REFERENCE} {sales[0]}"
    own_house.pay(sales[0], reference)

    again = refusal(lambda: own_house.pay(sales[1], f"{spelt} {sales[0]}"))

    assert isinstance(again, Conflict)
    assert own_house.get(sales[1]).state == "signed"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE lead_history SET details_sealed = ''",
        'UPDATE lead_history SET details = \'{"reason": "none"}\'',
        "UPDATE lead_history SET details_sealed = 'k1.AA', what = 'qualified'",
        "UPDATE lead_history SET by = 's-somebody'",
        "DELETE FROM lead_history",
    ],
)
def test_a_history_may_be_sealed_and_nothing_else(own_house: House, change: str) -> None:
    contacted(own_house, lead_of(own_house))

    with pytest.raises(sa.exc.DatabaseError, match="append-only"), own_house.writes.begin() as one:
        one.execute(sa.text(change))


def test_a_rotation_is_noticed_by_nobody_who_reads_or_writes(own_house: House) -> None:
    leads = [lead_of(own_house) for _ in range(4)]
    over, notes = threading.Event(), dict[str, list[str]]()

    def work(lead_id: str) -> None:
        mine = notes.setdefault(lead_id, [])
        while not over.is_set() or not mine:
            mine.append(f"{NOTE} {len(mine)}")
            written = contacted(own_house, lead_id, mine[-1])
            read = own_house.call(ADA, pb.GetLeadRequest(lead_id=lead_id)).lead
            for told in (written, read):
                assert [each.note for each in told.contacts] == mine

    with ThreadPoolExecutor(4) as workers:
        working = [workers.submit(work, lead_id) for lead_id in leads]
        try:
            for _ in range(3):
                assert run(["rotate"], desk(own_house)) == 0
                assert run(["reseal"], desk(own_house)) == 0
        finally:
            over.set()
        for one in working:
            one.result()

    current = vault_of(own_house.writes).keys.all()[-1].key_id
    assert run(["reseal"], desk(own_house)) == 0
    assert set(desk(own_house).uses()) == {current}


def test_a_value_whose_key_is_lost_is_a_refusal_that_says_whom_to_tell(
    own_house: House, caplog: pytest.LogCaptureFixture
) -> None:
    lead_id = lead_of(own_house)
    contacted(own_house, lead_id)
    with own_house.writes.begin() as connection:
        lost = {"contacts_sealed": "k99.AAAA"}
        mine = tables.leads.c.lead_id == lead_id
        connection.execute(tables.leads.update().where(mine).values(lost))

    refused = refusal(lambda: own_house.call(ADA, pb.GetLeadRequest(lead_id=lead_id)))

    assert isinstance(refused, Conflict)
    assert refused.code == "sealed_unreadable"
    assert "k99" in caplog.text
    assert f"lead/{lead_id}/contacts" in caplog.text


def test_a_process_with_another_master_key_is_not_ready(own_house: House) -> None:
    own = IndexedConfig(database_url="", master_keys=Keys(m1=KEY), index_key=KEY)
    other = IndexedConfig(database_url="", master_keys=Keys(m1=b"x" * 32), index_key=KEY)
    lead_of(own_house)

    assert vault_of(own_house.writes, own).ready()
    assert not vault_of(own_house.writes, other).ready()


def test_every_column_named_sealed_is_sealed_anew() -> None:
    named = {
        column
        for table in tables.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_sealed") and table is not tables.answers
    }

    assert named == {each.column for of in SEALED for each in of.columns}

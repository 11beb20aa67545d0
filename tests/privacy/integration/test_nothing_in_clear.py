"""Known values go in through every door; nothing that is left behind says them."""

import os
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import httpx
import psycopg
import pytest
from amqp.basic_message import Message

from chassis import topology
from gateway.routes.imports import XLSX
from tests.customer.unit.books import HEADER, book_of, identity, xlsx
from tests.patience import until
from tests.privacy import dragnet
from tests.privacy.stack import SERVICES, Stack, running
from tests.servers import where

ADVISER = ("s-adviser", "adviser")
LEADER = ("s-leader", "team_leader")
COMPLIANCE = ("s-compliance", "compliance")
OPERATIONS = ("s-operations", "operations")
ADMINISTRATOR = ("s-administrator", "administrator")

PLANTED = {
    "name": "欧阳丹凤",
    "another name": "Zainab Quillfeather",
    "phone": "13977665544",
    "another phone": "17612349876",
    "identity": identity(801),
    "another identity": identity(802),
    "address": "浙江省杭州市西湖区文三路九百七十七号",
    "wechat": "wx_quill_991734",
    "occupation": "深海潜水焊工",
    "purpose": "给外孙女攒留学的钱",
    "owner": "欧阳镇海川",
    "refused identity": "440305199902300019",
    "refused name": "司马拒收人",
    "file": "诸葛某户托付清单",
}
KYC = {
    "name": PLANTED["name"],
    "identity_kind": "id_card",
    "identity_number": PLANTED["identity"].lower(),
    "phone": f"+86 {PLANTED['phone']}",
    "address": PLANTED["address"],
    "occupation": PLANTED["occupation"],
    "purpose": PLANTED["purpose"],
    "tax_residences": ["CN"],
    "beneficial_owner": PLANTED["owner"],
    "consents": ["personal_data"],
    "facts": {"financial_assets": "5000000.00", "investing_years": "8", "capacity": "full"},
}
POISON = "K-POISON"  # the database refuses this customer number

pytestmark = pytest.mark.timeout(420)


@pytest.fixture(scope="module")
def stack(
    create_database: Callable[[str], str],
    create_vhost: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("privacy")
    with running(create_database, create_vhost("privacy"), folder) as made:
        yield made


@pytest.fixture(scope="module")
def queues(stack: Stack) -> list[str]:
    with httpx.Client(base_url=where("AMQP_API")) as api:
        return dragnet.queues(api, stack.amqp_url)


def everything(stack: Stack, queues: list[str]) -> dragnet.Haystacks:
    return chain(
        *(dragnet.tables(url) for url in stack.databases.values()),
        dragnet.messages(stack.amqp_url, queues),
        dragnet.files(stack.logs),
        dragnet.pages(stack.probes),
    )


def book(*customers: tuple[str, ...]) -> bytes:
    workbook = book_of(customers)
    return xlsx({**workbook, "客户信息": [(*HEADER, "微信号", "地址"), *map(widened, customers)]})


def widened(row: tuple[str, ...]) -> tuple[str, ...]:
    return (*row, PLANTED["wechat"], PLANTED["address"])


def person(customer_no: str, name: str, number: str, phone: str) -> tuple[str, ...]:
    return (customer_no, name, "身份证", number, "1961-07-30", phone, "C2", "企业主")


def upload(stack: Stack, content: bytes) -> httpx.Response:
    return stack.ask(
        "POST",
        "/imports",
        OPERATIONS,
        content=content,
        params={"file_name": f"{PLANTED['file']}.xlsx"},
        media_type=XLSX,
    )


def import_ended(stack: Stack, import_id: str) -> str:
    def state() -> str:
        told = stack.ask("GET", f"/imports/{import_id}", OPERATIONS).json()["state"]
        return "" if told == "received" else str(told)

    return until("the end of an import", state, seconds=60)


def dead(stack: Stack) -> int:
    with topology.connected(stack.amqp_url) as connection:
        letters = topology.dead_letters_of("customer")
        return int(connection.channel().queue_declare(letters, passive=True).message_count)


def lead_of(stack: Stack, lead_id: str) -> None:
    """Assigned, contacted, qualified."""
    steps: list[tuple[str, tuple[str, str], dict[str, str]]] = [
        ("assignments", LEADER, {"adviser_id": ADVISER[0]}),
        ("contacts", ADVISER, {"contact_channel": "phone"}),
        ("qualifications", ADVISER, {}),
    ]
    for step, by, body in steps:
        taken = stack.ask("POST", f"/leads/{lead_id}/{step}", by, json=body)
        assert taken.status_code in (200, 201), taken.text


def become_known(stack: Stack) -> str:
    """A lead, its KYC, and compliance who sends it back naming the client."""
    lead = {"name": PLANTED["name"], "phone": PLANTED["phone"], "source": "walk_in"}
    entered = stack.ask("POST", "/leads", LEADER, json=lead)
    assert entered.status_code == 201, entered.text
    told = entered.json()
    lead_of(stack, told["lead_id"])
    customer = f"/customers/{told['customer_id']}"

    def customer_of_theirs() -> bool:
        shown = stack.ask("GET", customer, ADVISER)
        return shown.status_code == 200 and shown.json()["customer"]["state"] == "customer"

    until("the lead becoming a customer", customer_of_theirs)
    submitted = stack.ask("POST", f"{customer}/kyc-submissions", ADVISER, json=KYC)
    assert submitted.status_code == 201, submitted.text
    reason = {"reason": f"{PLANTED['name']} {PLANTED['phone']} 的证件照片模糊"}
    rejected = stack.ask("POST", f"{customer}/kyc-rejections", COMPLIANCE, json=reason)
    assert rejected.status_code == 204, rejected.text
    shown = stack.ask("GET", customer, ADVISER).json()
    assert PLANTED["name"] in shown["customer"]["kyc"]["reason"]
    return customer


def be_refused(stack: Stack, customer: str) -> None:
    """At the gateway, at the service, by a role, by what cannot be read."""
    bad = KYC | {
        "identity_number": PLANTED["refused identity"],
        "name": PLANTED["refused name"],
    }
    attempts: list[tuple[str, str, tuple[str, str], dict[str, Any]]] = [
        ("POST", f"{customer}/kyc-submissions", ADVISER, {"json": bad}),
        ("POST", f"{customer}/kyc-submissions", OPERATIONS, {"json": bad}),
        ("POST", f"{customer}/kyc-submissions", ADVISER, {"json": bad | {"x": bad["name"]}}),
        ("POST", "/leads", LEADER, {"json": {"name": bad["name"], "phone": bad["name"]}}),
        ("POST", "/leads", LEADER, {"content": f'{{"name": "{bad["name"]}'.encode()}),
        ("GET", f"/customers/{PLANTED['refused name']}", ADVISER, {}),
        ("GET", "/customers", ADVISER, {"params": {"cursor": PLANTED["refused name"]}}),
        ("GET", "/customers", ADVISER, {"params": {"sort": PLANTED["refused identity"]}}),
    ]
    statuses = [
        stack.ask(method, path, by, **more).status_code for method, path, by, more in attempts
    ]
    assert all(400 <= status < 500 for status in statuses), statuses


def be_searched(stack: Stack) -> None:
    for name in ("name", "phone", "identity", "refused name"):
        for by in (ADVISER, LEADER, COMPLIANCE, OPERATIONS):
            found = stack.ask("GET", "/customers", by, params={"q": PLANTED[name]})
            assert found.status_code in (200, 403), found.text


def be_imported(stack: Stack) -> None:
    """A good book, one that is none, and one that the database refuses until it is given up."""
    quill = person("K1", PLANTED["another name"], PLANTED["another identity"], "")
    good = book((*quill[:5], PLANTED["another phone"], *quill[6:]))
    applied = upload(stack, good)
    assert applied.status_code == 202, applied.text
    assert import_ended(stack, applied.json()["import_id"]) == "applied"
    shown = stack.ask("GET", f"/imports/{applied.json()['import_id']}", OPERATIONS).json()
    assert PLANTED["file"] in shown["file_name"]
    broken = upload(stack, f"{PLANTED['refused name']},{PLANTED['refused identity']}".encode())
    if broken.status_code == 202:
        assert import_ended(stack, broken.json()["import_id"]) == "refused"
    with psycopg.connect(stack.databases["customer"]) as connection:
        connection.execute(
            f"ALTER TABLE customers ADD CONSTRAINT no_poison CHECK (customer_no <> '{POISON}')"
        )
    poisoned = person(POISON, PLANTED["refused name"], identity(803), PLANTED["phone"])
    assert upload(stack, book(poisoned)).status_code == 202
    until("the dead letter", lambda: dead(stack), seconds=60)


def enrol(stack: Stack) -> None:
    for staff_id, role in (ADVISER, LEADER, COMPLIANCE, OPERATIONS):
        member = {
            "name": "同事",
            "roles": [role],
            "team_id": "t-hangzhou",
            "team_name": "杭州部",
            "branch_id": "b-zhejiang",
            "branch_name": "浙江",
            "active": True,
        }
        put = stack.ask("PUT", f"/staff/{staff_id}", ADMINISTRATOR, json=member)
        assert put.status_code in (200, 201, 204), put.text


@pytest.fixture(scope="module")
def lived(stack: Stack) -> Stack:
    """After all of it."""
    enrol(stack)
    customer = become_known(stack)
    be_refused(stack, customer)
    be_searched(stack)
    be_imported(stack)
    return stack


def test_no_planted_value_is_left_anywhere(lived: Stack, queues: list[str]) -> None:
    seen: list[str] = []

    def watched() -> dragnet.Haystacks:
        for place, content in everything(lived, queues):
            seen.append(place)
            yield place, content

    assert dragnet.found(PLANTED, watched()) == set()
    for place in ("table customers", "table kyc_records", "table trail_entries", "table outbox"):
        assert place in seen
    assert {"queue liheng.customer.dead-letters", f"queue {dragnet.TAP}"} <= set(seen)
    assert {f"log {name}.log" for name in ("rpc", "events", "relay", "gateway")} <= set(seen)
    assert {f"metrics of {name}" for name in ("rpc", "events", "relay", "gateway")} <= set(seen)


def test_the_failed_import_is_told_in_the_log_and_the_dead_letter(lived: Stack) -> None:
    """The search above looked at the right things."""
    assert b"no_poison" in (lived.logs / "events.log").read_bytes()
    with topology.connected(lived.amqp_url) as connection:
        letter = connection.channel().basic_get(topology.dead_letters_of("customer"))
    assert "no_poison" in str(letter.headers)


@pytest.mark.parametrize("spelling", sorted(dragnet.spellings(PLANTED["name"])))
def test_a_value_in_clear_is_found_in_any_spelling(
    lived: Stack, queues: list[str], spelling: bytes
) -> None:
    with psycopg.connect(lived.databases["workflow"]) as connection:
        connection.execute("CREATE TABLE leak AS SELECT %s::bytea AS leaked", (spelling,))
    try:
        found = dragnet.found(PLANTED, dragnet.tables(lived.databases["workflow"]))
    finally:
        with psycopg.connect(lived.databases["workflow"]) as connection:
            connection.execute("DROP TABLE leak")

    assert found == {"name in table leak"}


def test_a_value_in_clear_is_found_in_a_queue_and_in_a_log(lived: Stack) -> None:
    queue = f"leak-{os.urandom(4).hex()}"
    with topology.connected(lived.amqp_url) as connection:
        channel = connection.channel()
        channel.queue_declare(queue, durable=False, auto_delete=False)
        headers = {"liheng:last-error": PLANTED["phone"]}
        channel.basic_publish(Message(b"{}", application_headers=headers), routing_key=queue)
    log = lived.logs / "leak.log"
    log.write_text(f"found {PLANTED['address']}")

    def leaked() -> set[str]:
        hay = chain(dragnet.messages(lived.amqp_url, [queue]), dragnet.files(lived.logs))
        return dragnet.found(PLANTED, hay)

    expected = {f"phone in queue {queue}", "address in log leak.log"}
    assert until("both", lambda: leaked() if leaked() == expected else None) == expected
    log.unlink()


def test_every_service_that_is_told_of_clients_was_searched(lived: Stack) -> None:
    assert set(lived.databases) == {*SERVICES, "gateway"}

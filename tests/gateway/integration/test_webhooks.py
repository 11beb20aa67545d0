"""Webhooks: a real receiver, a real broker, a real database."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from chassis.config import Key
from chassis.database import engine
from chassis.migrations import migrate
from chassis.topology import connected
from gateway.config import GatewayConfig
from gateway.store.database import Store
from gateway.store.processes import MIGRATIONS
from gateway.store.tables import webhooks
from gateway.webhooks.addresses import Reachable
from gateway.webhooks.intake import Intake, declare
from gateway.webhooks.posting import Poster, Resolve, resolved
from gateway.webhooks.schedule import GIVEN_UP_AFTER
from gateway.webhooks.secrets import Vault
from gateway.webhooks.sender import Sender, Ways
from liheng.workflow.v1.events_pb2 import SaleMoved, SalePaid
from tests.gateway.integration.house import House, opened
from tests.gateway.integration.receiving import Receiver, receiver
from tests.gateway.running import free_port
from tests.gateway.signing import Signing
from tests.patience import until

MOVED = "liheng.workflow.v1.SaleMoved"
LOOPBACK = "127.0.0.0/8"
QUICK = (timedelta(milliseconds=50), timedelta(milliseconds=100))


@dataclass(frozen=True)
class Office:
    """A gateway that lets webhooks go to loopback, and its administrator."""

    house: House
    config: GatewayConfig

    def ask(self, method: str, path: str = "", **more: Any) -> httpx.Response:
        token = self.house.token("administrator", staff_id="s-admin")
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        address = f"{self.house.url}/v1/webhooks{path}"
        return httpx.request(method, address, headers=headers, trust_env=False, **more)

    def register(self, url: str, *types: str, **headers: str) -> dict[str, Any]:
        body = {"url": url, "types": list(types) or [MOVED]}
        answer = self.ask("POST", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def deliveries(self, webhook: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
        answer = self.ask("GET", f"/{webhook['webhook_id']}/deliveries{query}")
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def await_states(self, webhook: dict[str, Any], *states: str) -> list[dict[str, Any]]:
        def reached() -> list[dict[str, Any]] | None:
            found = self.deliveries(webhook)
            return found if sorted(one["state"] for one in found) == sorted(states) else None

        return until(f"deliveries {states}", reached)

    def webhook(self, webhook: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", f"/{webhook['webhook_id']}").json()
        return found

    def move(self, *sales: str) -> None:
        events = [SaleMoved(sale_id=sale, customer_id="c-1", state="decided") for sale in sales]
        self.house.bus.announce(*events)


@pytest.fixture
def office_config(
    feed_config: GatewayConfig, create_database: Callable[[str], str]
) -> GatewayConfig:
    url = create_database("gateway")
    migrate(url, MIGRATIONS)
    return replace(feed_config, webhook_networks=Reachable.read(LOOPBACK), database_url=url)


@pytest.fixture
def office(office_config: GatewayConfig, signing: Signing) -> Iterator[Office]:
    with opened(office_config, signing) as house:
        yield Office(house, office_config)


@pytest.fixture
def outside() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@contextmanager
def sending(
    config: GatewayConfig,
    *,
    resolve: Resolve = resolved,
    networks: str = LOOPBACK,
    ways: Ways = Ways(pauses=QUICK),  # noqa: B008
) -> Iterator[None]:
    """What `python -m gateway webhooks` runs, in a thread and in less of a hurry."""
    ready, loops = threading.Event(), list[tuple[asyncio.AbstractEventLoop, asyncio.Event]]()

    async def run() -> None:
        over = asyncio.Event()
        loops.append((asyncio.get_running_loop(), over))
        store = Store(config.database_url)
        poster = Poster(Reachable.read(networks), resolve=resolve, timeout=3)
        sender = Sender(store, poster, Vault(config.sealing_keys), ways)
        intake = Intake(store, config.amqp_url, sender.news)
        tasks = [asyncio.create_task(each) for each in (sender.run(), intake.consumer.run())]
        while not intake.consumer.connected:
            await asyncio.sleep(0.01)
        ready.set()
        await over.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await poster.close()
        await store.close()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(20)
    try:
        yield
    finally:
        (loop, over) = loops[0]
        loop.call_soon_threadsafe(over.set)
        thread.join()


def test_an_event_is_sent_signed_to_whoever_wants_it(office: Office, outside: Receiver) -> None:
    wanted = office.register(f"{outside.url}/200/moved")
    office.register(f"{outside.url}/200/paid", "liheng.workflow.v1.SalePaid")

    with sending(office.config):
        office.move("x-1")
        office.await_states(wanted, "delivered")

    (one,) = outside.received
    assert one.path == "/200/moved"
    assert one.is_signed_with(wanted["secret"])
    assert one.told["type"] == MOVED
    assert one.told["data"] == {"saleId": "x-1", "customerId": "c-1", "state": "decided"}
    assert one.message_id == office.deliveries(wanted)[0]["delivery_id"]


def test_only_what_the_catalogue_lists_leaves(office: Office, outside: Receiver) -> None:
    wanted = office.register(f"{outside.url}/200", "liheng.workflow.v1.SalePaid")

    with sending(office.config):
        office.house.bus.announce(SalePaid(sale_id="x-1", payment_reference="6222000011112222"))
        office.await_states(wanted, "delivered")

    assert outside.received[0].told["data"] == {"saleId": "x-1"}


def test_what_is_refused_is_tried_again_under_the_same_id(
    office: Office, outside: Receiver
) -> None:
    answers = iter([500, 429, 204])
    outside.answer = lambda _: next(answers)
    webhook = office.register(f"{outside.url}/")

    with sending(office.config):
        office.move("x-1")
        (delivery,) = office.await_states(webhook, "delivered")

    assert [one.message_id for one in outside.received] == [delivery["delivery_id"]] * 3
    shown = office.ask(
        "GET", f"/{webhook['webhook_id']}/deliveries/{delivery['delivery_id']}"
    ).json()
    assert [one["status"] for one in shown["tries"]] == [500, 429, 204]
    assert office.webhook(webhook)["failing_since"] is None


def test_who_never_takes_it_is_given_up_in_the_end(office: Office, outside: Receiver) -> None:
    webhook = office.register(f"{outside.url}/503")

    with sending(office.config):
        office.move("x-1")
        (delivery,) = office.await_states(webhook, "failed")

    assert delivery["attempts"] == 1 + len(QUICK)
    assert office.webhook(webhook)["failing_since"]
    assert office.webhook(webhook)["state"] == "enabled"


def test_an_endpoint_that_failed_for_days_is_disabled(office: Office, outside: Receiver) -> None:
    webhook = office.register(f"{outside.url}/500")
    database = engine(office.config.database_url)
    with database.begin() as connection:
        since = sa.func.now() - GIVEN_UP_AFTER - timedelta(hours=1)
        connection.execute(sa.update(webhooks.endpoints).values(failing_since=since))
    database.dispose()

    with sending(office.config):
        office.move("x-1")
        until("the end", lambda: office.webhook(webhook)["state"] == "disabled")

    assert office.webhook(webhook)["disabled_reason"] == "failing"


def test_gone_disables_at_once(office: Office, outside: Receiver) -> None:
    webhook = office.register(f"{outside.url}/410")

    with sending(office.config):
        office.move("x-1")
        office.await_states(webhook, "failed")
        office.move("x-2")
        other = office.register(f"{outside.url}/200")
        office.move("x-3")
        office.await_states(other, "delivered")

    assert office.webhook(webhook)["state"] == "disabled"
    assert office.webhook(webhook)["disabled_reason"] == "gone"
    assert len(outside.at("/410")) == 1


def test_a_redirect_is_not_followed(office: Office, outside: Receiver) -> None:
    outside.location = f"{outside.url}/200/elsewhere"
    webhook = office.register(f"{outside.url}/307")

    with sending(office.config):
        office.move("x-1")
        office.await_states(webhook, "failed")

    assert {one.path for one in outside.received} == {"/307"}


def test_a_name_is_resolved_once_and_its_address_is_what_is_connected_to(
    office: Office, outside: Receiver
) -> None:
    """The second answer of the resolver never counts."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])

    async def rebinding(host: str, port: int) -> list[str]:
        return next(answers)

    poster = Poster(Reachable.read(LOOPBACK), resolve=rebinding)
    url = outside.url.replace("127.0.0.1", "rebinding.example")

    async def twice() -> list[str]:
        made = [(await poster.post(f"{url}/200", {}, b"{}")).why for _ in range(2)]
        await poster.close()
        return made

    assert asyncio.run(twice()) == ["taken", "forbidden_address"]
    assert len(outside.received) == 1


def test_private_addresses_are_not_reached_when_nobody_lets_them_in(
    office: Office, outside: Receiver
) -> None:
    webhook = office.register(f"{outside.url}/200")

    with sending(office.config, networks=""):
        office.move("x-1")
        (delivery,) = office.await_states(webhook, "failed")

    shown = office.ask(
        "GET", f"/{webhook['webhook_id']}/deliveries/{delivery['delivery_id']}"
    ).json()
    assert {one["outcome"] for one in shown["tries"]} == {"forbidden_address"}
    assert outside.received == []


def test_a_slow_endpoint_holds_up_no_other(office: Office, outside: Receiver) -> None:
    stuck = threading.Event()

    def answer(one: Any) -> int:
        return 200 if one.path == "/quick" or stuck.wait(20) else 500

    outside.answer = answer
    slow, quick = office.register(f"{outside.url}/slow"), office.register(f"{outside.url}/quick")

    with sending(office.config):
        office.move("x-1", "x-2", "x-3")
        office.await_states(quick, "delivered", "delivered", "delivered")
        assert len(outside.at("/slow")) == 1
        stuck.set()
        office.await_states(slow, "delivered", "delivered", "delivered")


def test_deliveries_can_be_replayed_one_by_one_or_by_time(
    office: Office, outside: Receiver
) -> None:
    webhook = office.register(f"{outside.url}/200")
    path = f"/{webhook['webhook_id']}/replays"

    with sending(office.config):
        office.move("x-1", "x-2")
        first, second = office.await_states(webhook, "delivered", "delivered")
        one = office.ask("POST", path, json={"delivery_id": first["delivery_id"]})
        until("three", lambda: len(outside.received) == 3)
        office.await_states(webhook, "delivered", "delivered")
        both = office.ask("POST", path, json={"since": second["created_at"]})
        until("five", lambda: len(outside.received) == 5)

    assert (one.json(), both.json()) == ({"deliveries": 1}, {"deliveries": 2})
    assert {each.message_id for each in outside.received} == {
        first["delivery_id"],
        second["delivery_id"],
    }
    assert office.ask("POST", path, json={}).status_code == 422


def test_a_time_is_replayed_once_under_a_key(office: Office, outside: Receiver) -> None:
    webhook = office.register(f"{outside.url}/200")
    path, headers = f"/{webhook['webhook_id']}/replays", {"Idempotency-Key": "replay-last-week"}
    body = {"since": "2026-01-01T00:00:00Z", "until": "2026-01-08T00:00:00Z"}

    first, again = (office.ask("POST", path, json=body, headers=headers) for _ in range(2))
    other = office.ask("POST", path, json=body | {"state": "failed"}, headers=headers)

    assert (first.status_code, first.json()) == (201, {"deliveries": 0})
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_both_secrets_sign_while_they_change_over(office: Office, outside: Receiver) -> None:
    webhook = office.register(f"{outside.url}/200")
    rotated = office.ask("POST", f"/{webhook['webhook_id']}/rotations").json()

    with sending(office.config):
        office.move("x-1")
        office.await_states(webhook, "delivered")

    (one,) = outside.received
    assert one.is_signed_with(webhook["secret"])
    assert one.is_signed_with(rotated["secret"])
    assert webhook["secret"] != rotated["secret"]
    assert "secret" not in office.webhook(webhook)


def test_a_disabled_webhook_is_sent_nothing_until_it_is_enabled(
    office: Office, outside: Receiver
) -> None:
    webhook = office.register(f"{outside.url}/200")
    other = office.register(f"{outside.url}/200/other")
    office.ask("POST", f"/{webhook['webhook_id']}/disablements")

    with sending(office.config):
        office.move("x-1")
        office.await_states(other, "delivered")
        enabled = office.ask("POST", f"/{webhook['webhook_id']}/enablements").json()
        office.move("x-2")
        office.await_states(webhook, "delivered")

    assert enabled["state"] == "enabled"
    assert [one.told["data"]["saleId"] for one in outside.at("/200")] == ["x-2"]


def test_a_test_event_can_be_sent(office: Office, outside: Receiver) -> None:
    webhook = office.register(f"{outside.url}/200")
    answer = office.ask("POST", f"/{webhook['webhook_id']}/tests")

    with sending(office.config):
        office.await_states(webhook, "delivered")

    assert answer.status_code == 201
    assert outside.received[0].told["type"] == "liheng.gateway.v1.WebhookTested"


def test_a_webhook_is_changed_and_removed(office: Office, outside: Receiver) -> None:
    webhook = office.register(f"{outside.url}/200")
    path = f"/{webhook['webhook_id']}"

    changed = office.ask("PATCH", path, json={"description": "core banking"})
    private = office.ask("PATCH", path, json={"url": "https://10.0.0.1/"})
    removed = office.ask("DELETE", path)

    assert changed.json()["description"] == "core banking"
    assert changed.json()["url"] == webhook["url"]
    assert (private.status_code, private.json()["code"]) == (422, "webhook_not_public")
    assert removed.status_code == 204
    assert office.ask("GET", path).json()["code"] == "no_such_webhook"
    assert office.ask("GET").json() == {"items": [], "next": None}


def test_registering_again_under_the_same_key_registers_once(office: Office) -> None:
    body = {"url": "https://hooks.example.com/", "types": [MOVED]}
    headers = {"Idempotency-Key": "register-core-banking"}

    first = office.ask("POST", json=body, headers=headers)
    again = office.ask("POST", json=body, headers=headers)
    other = office.ask("POST", json=body | {"description": "other"}, headers=headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(office.ask("GET").json()["items"]) == 1


def test_a_secret_turned_under_a_key_is_turned_once(office: Office, outside: Receiver) -> None:
    path = f"/{office.register(f'{outside.url}/200')['webhook_id']}/rotations"
    headers = {"Idempotency-Key": "rotate-1"}

    first = office.ask("POST", path, headers=headers)
    again = office.ask("POST", path, headers=headers)

    assert first.json()["secret"] == again.json()["secret"]
    assert office.ask("POST", path).json()["secret"] != first.json()["secret"]


def test_nobody_but_an_administrator_manages_webhooks(office: Office) -> None:
    headers = {"Authorization": f"Bearer {office.house.token('operations')}"}

    answer = httpx.get(f"{office.house.url}/v1/webhooks", headers=headers, trust_env=False)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


def test_every_change_is_in_the_trail_and_no_secret_is_in_the_database(
    office: Office, outside: Receiver
) -> None:
    webhook = office.register(f"{outside.url}/200")
    office.ask("POST", f"/{webhook['webhook_id']}/rotations")
    database = engine(office.config.database_url)
    with database.begin() as connection:
        trail = connection.execute(
            sa.text("SELECT action, actor FROM trail_entries WHERE subject = :subject ORDER BY at"),
            {"subject": webhook["webhook_id"]},
        ).all()
        sealed = connection.execute(sa.select(webhooks.endpoints.c.previous_secret)).scalar_one()
    database.dispose()

    actions = {row.action for row in trail}
    assert {row.actor for row in trail} == {"s-admin"}
    assert {"webhook.registered", "webhook.secret_rotated"} <= actions
    assert {"webhook_endpoints.added", "webhook_endpoints.changed"} <= actions
    assert webhook["secret"].encode() not in sealed


def test_the_key_of_secrets_is_changed_while_webhooks_are_sent(
    office: Office, outside: Receiver
) -> None:
    webhook = office.register(f"{outside.url}/200")
    office.ask("POST", f"/{webhook['webhook_id']}/rotations")
    old, new = office.config.sealing_key, Key(os.urandom(32))
    changing = replace(office.config, sealing_key=new, previous_sealing_key=old)
    office_queue_exists(office)
    office.move("x-1")
    sender = process(changing)
    until("the first", partial(has_received, outside, 1))
    sender.send_signal(signal.SIGTERM)
    assert sender.wait(20) == 0

    with sending(replace(office.config, sealing_key=new)):
        office.move("x-2")
        until("the second", partial(has_received, outside, 2))
    with sending(office.config):
        office.move("x-3")
        until("the third", lambda: "secret_unreadable" in outcomes(office))

    assert [one.is_signed_with(webhook["secret"]) for one in outside.received] == [True, True]


def outcomes(office: Office) -> set[str]:
    database = engine(office.config.database_url)
    with database.connect() as connection:
        found = set(connection.scalars(sa.select(webhooks.attempts.c.outcome)))
    database.dispose()
    return found


def process(config: GatewayConfig) -> "subprocess.Popen[bytes]":
    environ = {
        "LIHENG_GATEWAY_DATABASE_URL": config.database_url,
        "LIHENG_AMQP_URL": config.amqp_url,
        "LIHENG_GATEWAY_SEALING_KEY": b64encode(config.sealing_key).decode(),
        "LIHENG_GATEWAY_PREVIOUS_SEALING_KEY": b64encode(config.previous_sealing_key).decode(),
        "LIHENG_GATEWAY_WEBHOOK_NETWORKS": LOOPBACK,
        "LIHENG_GATEWAY_WEBHOOK_LEASE_SECONDS": "2",
        "LIHENG_PROBE_PORT": str(free_port()),
    }
    command = [sys.executable, "-m", "gateway", "webhooks"]
    return subprocess.Popen(command, env={**os.environ, **environ}, stdout=subprocess.DEVNULL)


def test_a_killed_sender_loses_nothing(office: Office, outside: Receiver) -> None:
    webhook = office.register(f"{outside.url}/200")
    sales = [f"x-{number}" for number in range(60)]
    office_queue_exists(office)
    office.move(*sales)

    for progress in (10, 30):
        victim = process(office.config)
        until(f"{progress} sales", partial(has_received, outside, progress))
        victim.kill()
        victim.wait()
    last = process(office.config)
    until("all sales", lambda: told(outside) == set(sales), 60)
    last.send_signal(signal.SIGTERM)

    assert last.wait(20) == 0
    assert len(office.deliveries(webhook, "?limit=200")) == len(sales)
    per_message = {one.message_id: one.told["data"]["saleId"] for one in outside.received}
    assert len(per_message) == len(sales)
    assert len(outside.received) <= len(sales) + 2


def office_queue_exists(office: Office) -> None:
    """As after `python -m gateway migrate`."""
    with connected(office.config.amqp_url) as connection:
        declare(connection.channel())


def has_received(outside: Receiver, least: int) -> bool:
    return len(outside.received) >= least


def told(outside: Receiver) -> set[str]:
    return {one.told["data"]["saleId"] for one in outside.received}

"""The live feed: real broker, real database, clients of different reach."""

import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
from google.protobuf.message import Message

from chassis.moments import stamp
from gateway.config import GatewayConfig
from gateway.feed.audience import MOST_OF_A_CALLER
from gateway.feed.queues import FEED
from liheng.customer.v1 import events_pb2 as customer
from liheng.workflow.v1 import events_pb2 as workflow
from tests.gateway.integration.house import SEQUENCES, Bus, House, opened
from tests.gateway.integration.listening import Heard, listening
from tests.gateway.running import free_port
from tests.gateway.signing import Signing
from tests.patience import until
from tests.servers import where

NOW = datetime.now(UTC)


def onboarded(customer_id: str, adviser_id: str, team: str = "t-hangzhou") -> Message:
    return customer.CustomerOnboarded(
        customer_id=customer_id, adviser_id=adviser_id, team_id=team, branch_id="b-zhejiang"
    )


def moved(sale_id: str, customer_id: str, state: str = "decided") -> Message:
    return workflow.SaleMoved(
        sale_id=sale_id, customer_id=customer_id, adviser_id="s-who-sold-it", state=state
    )


def test_everybody_hears_of_their_own_clients_and_of_no_others(house: House) -> None:
    with (
        house.listen("adviser") as adviser,
        house.listen("team_leader", staff_id="s-leader") as leader,
        house.listen("branch_manager", staff_id="s-manager") as manager,
        house.listen("compliance", staff_id="s-compliance") as everybody,
    ):
        house.bus.announce(
            onboarded("c-1", "s-wangjun"),
            onboarded("c-2", "s-other"),
            onboarded("c-3", "s-far", team="t-ningbo"),
            moved("x-1", "c-1"),
            moved("x-2", "c-2"),
            moved("x-3", "c-3"),
            moved("x-4", "c-of-nobody-we-know"),
        )
        everybody.await_hints(4)
        manager.await_hints(3)

        assert subjects(adviser) == ["x-1"]
        assert subjects(leader) == ["x-1", "x-2"]
        assert subjects(manager) == ["x-1", "x-2", "x-3"]
        assert subjects(everybody) == ["x-1", "x-2", "x-3", "x-4"]


def test_a_hint_says_no_more_than_what_has_changed(house: House) -> None:
    with house.listen("compliance") as heard:
        house.bus.announce(
            workflow.SalePaid(
                sale_id="x-1",
                customer_id="c-1",
                amount="1000000.00",
                payment_reference="PAY-1",
                at=stamp(NOW),
            )
        )
        heard.await_hints(1)

    (frame,) = heard.frames
    assert set(frame) == {"id", "event", "data"} | ({"retry"} & set(frame))
    assert frame["event"] == "sale"
    at = NOW.isoformat().replace("+00:00", "Z")
    assert frame["data"] == f'{{"type":"sale","subject":"x-1","state":"paid","at":"{at}"}}'
    assert heard.headers["content-type"].startswith("text/event-stream")
    assert heard.headers["cache-control"] == "no-store"


def subjects(heard: Heard) -> list[str]:
    return [subject for _, subject, _ in heard.hints]


def test_a_lead_is_told_to_whoever_follows_it_up(house: House) -> None:
    with (
        house.listen("adviser") as adviser,
        house.listen("adviser", staff_id="s-other") as other,
        house.listen("team_leader", staff_id="s-leader") as leader,
    ):
        house.bus.announce(
            workflow.LeadCreated(lead_id="l-1", customer_id="c-lead"),
            assigned("l-1", "s-wangjun"),
            workflow.LeadContacted(
                lead_id="l-1", customer_id="c-lead", adviser_id="s-wangjun", team_id="t-hangzhou"
            ),
            assigned("l-1", "s-other"),
        )

        assert [state for *_, state in leader.await_hints(4)] == [
            "new",
            "assigned",
            "contacted",
            "assigned",
        ]
        assert adviser.await_hints(2) == [("lead", "l-1", "assigned"), ("lead", "l-1", "contacted")]
        assert other.await_hints(1) == [("lead", "l-1", "assigned")]


def assigned(lead_id: str, adviser_id: str) -> Message:
    return workflow.LeadAssigned(
        lead_id=lead_id,
        customer_id="c-lead",
        adviser_id=adviser_id,
        team_id="t-hangzhou",
        branch_id="b-zhejiang",
    )


def test_an_import_is_told_to_those_who_see_all_clients(house: House) -> None:
    with house.listen("operations") as operations, house.listen("adviser") as adviser:
        house.bus.announce(
            customer.BookReceived(import_id="i-1"),
            customer.BookApplied(import_id="i-1", customers_created=3),
            onboarded("c-1", "s-wangjun"),
            moved("x-1", "c-1"),
        )

        assert operations.await_hints(3)[:2] == [
            ("import", "i-1", "received"),
            ("import", "i-1", "applied"),
        ]
        assert adviser.await_hints(1) == [("sale", "x-1", "decided")]


def test_a_handover_counts_at_once_also_for_what_was_before(house: House) -> None:
    with house.listen("adviser", staff_id="s-old") as old:
        house.bus.announce(moved("x-0", "c-0"), onboarded("c-1", "s-old"), moved("x-1", "c-1"))
        old.await_hints(1)
        house.bus.announce(
            customer.AdviserChanged(
                customer_id="c-1", adviser_id="s-new", team_id="t-hangzhou", branch_id="b-zhejiang"
            ),
            moved("x-1", "c-1", "recorded"),
        )
        with house.listen("adviser", staff_id="s-new", after=old.place) as new:
            assert new.await_hints(1) == [("sale", "x-1", "recorded")]

    with house.listen("adviser", staff_id="s-old", after=old.place) as again:
        house.bus.announce(onboarded("c-2", "s-old"), moved("x-2", "c-2"))

        assert again.await_hints(1) == [("sale", "x-2", "decided")]


def test_a_grant_lets_in_until_it_is_taken_back(house: House) -> None:
    granted = customer.AccessGranted(
        grant_id="g-1",
        staff_id="s-cover",
        adviser_id="s-wangjun",
        purpose="leave_cover",
        valid_from=stamp(NOW - timedelta(hours=1)),
        valid_until=stamp(NOW + timedelta(hours=1)),
    )
    with house.listen("adviser", staff_id="s-cover") as cover:
        house.bus.announce(onboarded("c-own", "s-cover"), onboarded("c-1", "s-wangjun"), granted)
        until("the grant", lambda: heard_when_moved(house, cover, "x-before"))
        house.bus.announce(customer.AccessEnded(grant_id="g-1", staff_id="s-cover"))
        until("its end", lambda: not heard_when_moved(house, cover, "x-after"))


def heard_when_moved(house: House, heard: Heard, sale_id: str) -> bool:
    """Whether a client of s-wangjun's is heard of: before what follows, which always is."""
    behind = f"{sale_id}-{next(SEQUENCES)}"
    house.bus.announce(moved(sale_id, "c-1"), moved(behind, "c-own"))
    until("what follows", lambda: behind in subjects(heard))
    return subjects(heard)[-2:] == [sale_id, behind]


def test_one_thing_or_one_kind_can_be_listened_to(house: House) -> None:
    with (
        house.listen("compliance", query="?types=lead") as leads,
        house.listen("compliance", query="?subject=x-2") as one,
    ):
        house.bus.announce(moved("x-1", "c-1"), moved("x-2", "c-1"), assigned("l-1", "s-1"))

        assert leads.await_hints(1) == [("lead", "l-1", "assigned")]
        assert one.await_hints(1) == [("sale", "x-2", "decided")]


def test_who_may_not_read_a_thing_does_not_hear_of_it(house: House) -> None:
    with house.listen("service_desk") as desk:
        house.bus.announce(customer.BookReceived(import_id="i-1"), moved("x-1", "c-1", "callback"))

        assert desk.await_hints(1) == [("sale", "x-1", "callback")]
    refused = ask(house, "service_desk", "?types=import")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    unknown = ask(house, "service_desk", "?types=salary")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "invalid_request")


def ask(house: House, role: str, query: str = "", method: str = "GET") -> httpx.Response:
    headers = {"Authorization": f"Bearer {house.token(role)}"}
    address = f"{house.url}/v1/events{query}"
    return httpx.request(method, address, headers=headers, trust_env=False)


def test_the_same_event_twice_on_the_wire_is_told_once(house: House) -> None:
    with house.listen("compliance") as heard:
        house.bus.announce(moved("x-1", "c-1"), event_id="e-1")
        house.bus.announce(moved("x-1", "c-1"), event_id="e-1")
        house.bus.announce(moved("x-2", "c-1"))
        heard.await_hints(2)

    assert subjects(heard) == ["x-1", "x-2"]


def test_any_process_goes_on_where_another_left_off(
    house: House, feed_config: GatewayConfig, signing: Signing
) -> None:
    elsewhere = replace(feed_config, address=f"127.0.0.1:{free_port()}")
    with opened(elsewhere, signing) as other:
        with house.listen("compliance") as heard:
            house.bus.announce(*(moved(f"x-{number}", "c-1") for number in range(5)))
            heard.await_hints(5)

        with other.listen("compliance", after=heard.frames[1]["id"]) as again:
            assert subjects_of(again.await_hints(3)) == ["x-2", "x-3", "x-4"]


def subjects_of(hints: list[tuple[str, str, str]]) -> list[str]:
    return [subject for _, subject, _ in hints]


def test_nothing_is_missed_over_a_restart_of_the_gateway(
    feed_config: GatewayConfig, signing: Signing
) -> None:
    with opened(feed_config, signing) as house, house.listen("adviser") as heard:
        house.bus.announce(onboarded("c-1", "s-wangjun"), moved("x-1", "c-1"))
        heard.await_hints(1)
    bus = Bus(feed_config.amqp_url)
    bus.announce(moved("x-2", "c-1"))
    bus.close()

    with opened(feed_config, signing) as house, house.listen("adviser", after=heard.place) as again:
        house.bus.announce(moved("x-3", "c-1"))

        assert subjects_of(again.await_hints(2)) == ["x-2", "x-3"]


def test_a_place_that_nobody_gave_out_means_starting_anew(house: House) -> None:
    with house.listen("compliance", after="Zm9yZ2VkZm9yZ2VkZm9yZ2Vk") as heard:
        heard.await_end()

    assert heard.is_reset


def test_a_gateway_that_stops_lets_its_clients_go(
    feed_config: GatewayConfig, signing: Signing
) -> None:
    with opened(feed_config, signing) as house, house.listen("compliance") as heard:
        started = time.monotonic()
        house.bus.announce(moved("x-1", "c-1"))
        heard.await_hints(1)

    assert heard.over
    assert time.monotonic() - started < 10


def test_a_stream_ends_with_the_token(house: House) -> None:
    expired = house.signing.token(exp=int(time.time()) - 28)

    with listening(house.url, expired) as heard:
        heard.await_end()

    assert not heard.is_reset


def test_a_caller_has_so_many_streams_and_no_more(house: House) -> None:
    with ExitStack() as streams:
        for _ in range(MOST_OF_A_CALLER):
            streams.enter_context(house.listen("adviser"))
        refused = ask(house, "adviser")

    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
    assert refused.headers["retry-after"]


def test_asking_for_the_headers_alone_opens_no_stream(house: House) -> None:
    answer = ask(house, "adviser", method="HEAD")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")


def test_a_lost_connection_to_the_broker_costs_nothing(
    house: House, feed_config: GatewayConfig
) -> None:
    with house.listen("compliance") as heard:
        house.bus.announce(moved("x-1", "c-1"))
        heard.await_hints(1)
        until("connections to cut", lambda: cut_connections(feed_config.amqp_url))
        bus = Bus(feed_config.amqp_url)
        bus.announce(moved("x-2", "c-1"))
        bus.close()

        assert subjects_of(heard.await_hints(2)) == ["x-1", "x-2"]
        assert not heard.is_reset


def cut_connections(amqp_url: str) -> int:
    """How many the broker has closed on our vhost."""
    vhost = urlsplit(amqp_url).path.removeprefix("/")
    with httpx.Client(base_url=where("AMQP_API"), trust_env=False) as api:
        found = api.get(f"/api/vhosts/{vhost}/connections").json()
        for connection in found:
            api.delete(f"/api/connections/{connection['name']}")
    return len(found)


def test_a_stream_that_was_made_anew_means_starting_anew(
    house: House, feed_config: GatewayConfig
) -> None:
    """The broker ends the consumer, and counts offsets from 0 again."""
    with house.listen("compliance") as heard:
        house.bus.announce(*(moved(f"x-{number}", "c-1") for number in range(5)))
        heard.await_hints(5)
        vhost = urlsplit(feed_config.amqp_url).path.removeprefix("/")
        with httpx.Client(base_url=where("AMQP_API"), trust_env=False) as api:
            api.delete(f"/api/queues/{vhost}/{FEED}").raise_for_status()
        heard.await_end()

    assert heard.is_reset
    with house.listen("compliance", after=heard.frames[4]["id"]) as late:
        late.await_end()
    assert late.is_reset
    with house.listen("compliance") as again:
        house.bus.announce(moved("x-new", "c-1"))

        assert again.await_hints(1) == [("sale", "x-new", "decided")]

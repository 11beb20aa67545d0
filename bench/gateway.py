"""The gateway's reads and a whole sale, each beside its floor."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any

import httpx

from bench import shares
from bench.figure import Figure, show
from bench.load import Target, latencies, rate, warm
from bench.processor import spent
from examples.journey import deciding, onboarding, selling
from examples.journey.api import until
from examples.journey.stage import ADVISER, Stage

ROUNDS = 5
SECONDS = 1.5
HALF_LOAD_SECONDS = 2.0  # of each round
IN_FLIGHT = 16
BESIDE = {"one": "floor_db", "fifty": "floor_list"}
FLOOR_GATEWAY = "127.0.0.1:19080"
FLOOR_RPC = "127.0.0.1:19081"


def measure(
    gateway_url: str,
    database_url: str,
    sign_in: Callable[[str], str],
    now: Callable[[], datetime],
    forward: Callable[[timedelta], None],
    pids: Sequence[int],
) -> None:
    """Print one JSON line per figure. The stack must be up and hold customers.

    *pids* are the processes that answer: the gateway and the service behind it.
    """
    with floor(database_url), httpx.Client(base_url=gateway_url, timeout=60) as client:
        targets = reads(gateway_url, sign_in)
        shares.measure(processor_seconds(targets["one"], pids))
        whole_sale(Stage(client, sign_in, now, forward, lambda line: None))


@contextmanager
def floor(database_url: str) -> Iterator[None]:
    environ = {**os.environ, "LIHENG_BENCH_DATABASE_URL": database_url}
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.floor", *arguments],
            env=environ,
            stderr=subprocess.DEVNULL,
        )
        for arguments in (("rpc", FLOOR_RPC), ("gateway", FLOOR_GATEWAY, FLOOR_RPC))
    ]
    try:
        until("the floor answering", floor_answers)
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def floor_answers() -> bool:
    try:
        return httpx.get(f"http://{FLOOR_GATEWAY}/One").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def processor_seconds(target: Target, pids: Sequence[int]) -> float:
    """Of one answer, in all *pids* together."""
    before, seconds = spent(pids), ROUNDS * SECONDS
    answers = rate(target, in_flight=IN_FLIGHT, seconds=seconds) * seconds
    return (spent(pids) - before) / answers


def reads(gateway_url: str, sign_in: Callable[[str], str]) -> dict[str, Target]:
    """Advisers read their own clients: each has a scope, and a budget, of their own."""
    address = gateway_url.removeprefix("http://")
    paths, tokens = clients(gateway_url, sign_in)
    targets = {
        "one": Target.get(address, *paths, tokens=tokens),
        "fifty": Target.get(address, *(["/v1/customers?limit=50"] * len(tokens)), tokens=tokens),
        "floor_rpc": Target.get(FLOOR_GATEWAY, "/Empty"),
        "floor_db": Target.get(FLOOR_GATEWAY, "/One"),
        "floor_list": Target.get(FLOOR_GATEWAY, "/Fifty"),
    }
    as_large(targets)
    rates = interleaved(targets)
    at_half_load(targets, rates)
    for name, floors in (("one", ("floor_db", "floor_rpc")), ("fifty", ("floor_list",))):
        for baseline in floors:
            show(Figure(f"gateway.customers.{name}", rates[name], "1/s", baseline, rates[baseline]))
    return targets


def clients(gateway_url: str, sign_in: Callable[[str], str]) -> tuple[list[str], list[str]]:
    """For each adviser with clients the address of one of them, and the adviser's token."""
    paths, tokens = [], []
    with httpx.Client(base_url=gateway_url) as client:
        for staff_id in advisers(client, sign_in(ADVISER)):
            token = sign_in(staff_id)
            for customer in listed(client, "/v1/customers?limit=1", token):
                paths.append(f"/v1/customers/{customer['customer_id']}")
                tokens.append(token)
    return paths, tokens


def advisers(client: httpx.Client, token: str) -> list[str]:
    return [one["staff_id"] for one in listed(client, "/v1/staff?role=adviser", token)]


def listed(client: httpx.Client, path: str, token: str) -> list[dict[str, Any]]:
    answer = client.get(path, headers={"Authorization": f"Bearer {token}"})
    items: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
    return items


def as_large(targets: dict[str, Target]) -> None:
    """A floor whose answers were smaller, or larger, would be no floor."""
    sizes = {name: warm(target) for name, target in targets.items()}
    for name, floor in BESIDE.items():
        figure = f"gateway.customers.{name}.size"
        show(Figure(figure, sizes[name], "bytes", floor, sizes[floor]))


def at_half_load(targets: dict[str, Target], rates: dict[str, float]) -> None:
    """The slowest hundredth of answers, each target in turn at half of what it can do."""
    waited: dict[str, list[float]] = {name: [] for pair in BESIDE.items() for name in pair}
    for _ in range(ROUNDS):
        for name, sofar in waited.items():
            half = rates[name] / 2
            sofar += latencies(targets[name], per_second=half, seconds=HALF_LOAD_SECONDS)
    slowest = {name: p99(sorted(all_of_it)) for name, all_of_it in waited.items()}
    for name, floor in BESIDE.items():
        figure = f"gateway.customers.{name}.p99_at_half_load"
        show(Figure(figure, slowest[name] * 1000, "ms", floor, slowest[floor] * 1000))


def p99(ordered: list[float]) -> float:
    return ordered[int(len(ordered) * 0.99)]


def interleaved(targets: dict[str, Target]) -> dict[str, float]:
    """The median of several rounds, each target in turn, so that noise meets all alike."""
    rounds = [
        {
            name: rate(target, in_flight=IN_FLIGHT, seconds=SECONDS)
            for name, target in targets.items()
        }
        for _ in range(ROUNDS)
    ]
    return {name: median(one[name] for one in rounds) for name in targets}


def whole_sale(stage: Stage) -> None:
    """Draft to payment with decision and recording, against as many bare calls."""
    customer_id = onboarding.become_customer(stage)
    onboarding.be_assessed(stage, customer_id)
    deciding.list_products(stage)
    calls: list[httpx.Request] = []
    stage.gateway.event_hooks["request"] = [calls.append]
    sales, floors = [], []
    for _ in range(ROUNDS):
        calls.clear()
        sales.append(seconds(lambda: selling.sell(stage, customer_id, show_refusals=False)))
        floors.append(seconds(lambda: bare_calls(len(calls))))
    show(
        Figure(
            "gateway.sale.draft_to_payment",
            1 / median(sales),
            "1/s",
            "floor_db, as many calls one after another",
            1 / median(floors),
        )
    )


def bare_calls(count: int) -> None:
    with httpx.Client(base_url=f"http://{FLOOR_GATEWAY}") as client:
        for _ in range(count):
            client.get("/One").raise_for_status()


def seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started

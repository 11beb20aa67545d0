"""What a decision costs over gRPC, asked for and kept as a front-end asks for it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median
from time import perf_counter

import grpc
from joserfc.jwk import OKPKey

from bench.figure import Figure, show
from bench.suitability_server import SERVICE, configured
from chassis.clock import system_clock
from chassis.database import begin, engine
from chassis.identity import METADATA_KEY, Caller, CallerSigner
from chassis.migrations import migrate
from chassis.scope import Custody, Reach
from liheng.suitability.v1 import suitability_pb2 as pb
from services.suitability.adapters.database import SqlSuitabilityWork
from services.suitability.bootstrap import SERVICE as SUITABILITY
from services.suitability.bootstrap import institution
from services.suitability.usecases.keep_customer import BroughtLevel, KeepCustomer, keep_customer
from services.suitability.usecases.keep_product import KeepProduct, keep_product

ADDRESS = "127.0.0.1:19084"
ROUNDS = 5
SECONDS = 1.0
IN_FLIGHT = 8
CUSTOMERS = 200
ADVISER = Caller("s-bench", frozenset({"adviser"}), "t-bench", "b-bench", reach=Reach.OWN)
CUSTOMER = {
    "kind": "person",
    "born_on": "1980-05-01",
    "financial_assets": "800000",
    "household_financial_assets": "1200000",
    "average_income_3y": "300000",
    "investing_years": 3,
}
FUND = {
    "kind": "public_fund",
    "placement": "public",
    "asset_class": "mixed",
    "issuer_level": "R3",
    "seller_level": "R3",
    "state": "listed",
}

Call = Callable[[int], object]


def measure(url: str) -> None:
    """Print one JSON line per figure. *url* is an empty database."""
    over_grpc(url)


def over_grpc(url: str) -> None:
    migrate(url, SUITABILITY.migrations)
    fill(url)
    key = OKPKey.generate_key("Ed25519")
    signer = CallerSigner(json.dumps(key.as_dict(private=True)))
    public = json.dumps(key.as_dict(private=False))
    with server(url, public), grpc.insecure_channel(ADDRESS) as channel:
        grpc.channel_ready_future(channel).result(timeout=30)
        rates = interleaved(calls(channel, signer))
    decided = rates["decide"]
    show(Figure("suitability.decide_kept", decided, "1/s", "empty call", rates["empty"]))
    show(Figure("suitability.decide_kept", decided, "1/s", "the same inserts", rates["kept"]))
    show(Figure("suitability.decide", rates["trial"], "1/s", "empty call", rates["empty"]))


def fill(url: str) -> None:
    bound = engine(url)
    ours, now = institution(configured(url), bound), system_clock()
    with begin(bound, SqlSuitabilityWork)() as work:
        for place in range(CUSTOMERS):
            known = KeepCustomer(
                customer_id=f"c-{place}",
                facts=CUSTOMER,
                sequence=1,
                at=now,
                institution=ours,
                custody=Custody(ADVISER.staff_id, ADVISER.team_id, ADVISER.branch_id),
                brought=BroughtLevel(f"a-{place}", "C3", ours.day(now)),
            )
            keep_customer(known, work)
        fund = KeepProduct(
            product_id="P1", facts=FUND, whole=True, sequence=1, at=now, institution=ours
        )
        keep_product(fund, work)
        work.commit()
    bound.dispose()


@contextmanager
def server(url: str, public_key: str) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.suitability_server", ADDRESS, public_key],
        env={**os.environ, "LIHENG_BENCH_DATABASE_URL": url},
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def calls(channel: grpc.Channel, signer: CallerSigner) -> dict[str, Call]:
    """Each asks for the client of its number."""
    decide = channel.unary_unary(
        "/liheng.suitability.v1.SuitabilityService/Decide",
        pb.DecideRequest.SerializeToString,
        pb.DecideResponse.FromString,
    )
    empty: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(
        f"/{SERVICE}/GetNothing"
    )
    kept: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(f"/{SERVICE}/GetKept")

    def who() -> tuple[tuple[str, str], ...]:
        return ((METADATA_KEY, signer.sign(ADVISER)),)

    def ask(place: int) -> pb.DecideResponse:
        answer: pb.DecideResponse = decide(request(place), metadata=who())
        return answer

    tried = channel.unary_unary(
        "/liheng.suitability.v1.SuitabilityService/TryDecision",
        pb.TryDecisionRequest.SerializeToString,
        pb.TryDecisionResponse.FromString,
    )
    given = [pb.TryDecisionRequest(facts_json=json.dumps(given_sale(n))) for n in range(CUSTOMERS)]

    size = b" " * len(ask(0).SerializeToString())
    return {
        "empty": lambda _: empty(b"", metadata=who()),
        "kept": lambda _: kept(size, metadata=who()),
        "decide": ask,
        "trial": lambda place: tried(given[place % CUSTOMERS], metadata=who()),
    }


def given_sale(place: int) -> dict[str, object]:
    """What is known of each client and of the fund in the database, given with the question."""
    today = system_clock().date().isoformat()
    profile = {"risk_level": "C3", "assessed_on": [today], "level_reconfirmed": True}
    return {
        "seller": {"channel": "branch"},
        "customer": {**CUSTOMER, **profile, "lowest_category": False},
        "product": FUND,
        "request": {
            "amount": str(100_000 + place),
            "initiated_by": "client",
            "recording_consent": True,
        },
    }


def request(place: int) -> pb.DecideRequest:
    return pb.DecideRequest(
        customer_id=f"c-{place % CUSTOMERS}",
        product_id="P1",
        amount=str(100_000 + place),
        channel="branch",
        initiated_by="client",
        recording_consent=True,
    )


def interleaved(targets: dict[str, Call]) -> dict[str, float]:
    """The median of several rounds, each target in turn, so that noise meets all alike."""
    rounds = [{name: rate(call) for name, call in targets.items()} for _ in range(ROUNDS)]
    return {name: median(one[name] for one in rounds) for name in targets}


def rate(call: Call) -> float:
    """Answers per second with a number of threads kept busy."""
    started = perf_counter()
    until = started + SECONDS

    def loop(first: int) -> int:
        count = 0
        while perf_counter() < until:
            call(first + count)
            count += 1
        return count

    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        counts = list(pool.map(loop, range(0, IN_FLIGHT * 1000, 1000)))
    return sum(counts) / (perf_counter() - started)

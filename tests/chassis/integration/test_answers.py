"""The same call asked twice under one idempotency key: one effect, one answer."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import grpc
import pytest
import sqlalchemy as sa

from chassis.answers import PRUNED_AT_ONCE, Answers, Asking, Claim
from chassis.database import read_engine
from chassis.errors import Conflict, Invalid, Refusal
from chassis.identity import Caller
from chassis.scope import NOTHING, Reach, Scope
from chassis.sight import sight_of
from chassis.status import to_refusal
from liheng.customer.v1 import customer_pb2 as pb
from liheng.customer.v1.customer_pb2_grpc import CustomerServiceStub
from tests.calling import CALLER_KEY, as_caller, served
from tests.chassis.ledger import ENTRIES, METADATA
from tests.chassis.stage import ROOT
from tests.chassis.till import ANSWERS, part
from tests.patience import until

ADVISER = frozenset({"adviser"})
ADA, BO = Caller("s-ada", ADVISER), Caller("s-bo", ADVISER)


@dataclass
class Asked:
    """What came of one call."""

    replayed: bool = False
    answer: Any = None
    refused: Refusal | None = None
    code: grpc.StatusCode = grpc.StatusCode.OK


@dataclass
class Counter:
    """The till behind a channel, and what is in it."""

    stub: CustomerServiceStub
    bound: sa.Engine

    def reject(self, key: str, how: str = "", subject: str = "c-1", who: Caller = ADA) -> Asked:
        request = pb.RejectKycRequest(customer_id=subject, reason=how)
        return self.ask(self.stub.RejectKyc, request, key, who)

    def send_book(self, key: str, *chunks: bytes) -> Asked:
        pieces = iter([pb.StartImportRequest(chunk=chunk) for chunk in chunks])
        return self.ask(self.stub.StartImport, pieces, key, ADA)

    def ask(self, method: Any, request: Any, key: str, who: Caller) -> Asked:
        metadata = as_caller(who) + ((("idempotency-key", key),) if key else ())
        try:
            answer, call = method.with_call(request, metadata=metadata, timeout=20)
        except grpc.RpcError as error:
            assert isinstance(error, grpc.Call)
            return Asked(said_before(error), None, to_refusal(error), error.code())
        return Asked(said_before(call), answer)

    def entries(self) -> int:
        return self._count(ENTRIES)

    def kept(self) -> int:
        return self._count(ANSWERS)

    def state(self) -> str:
        with self.bound.connect() as connection:
            return str(connection.scalars(sa.select(ANSWERS.c.state)).one())

    def age(self, **changed: str) -> None:
        """Move moments of every answer into the past."""
        past = {name: sa.text(f"now() - interval '{by}'") for name, by in changed.items()}
        with self.bound.connect() as connection:
            connection.execute(ANSWERS.update().values(past))

    def _count(self, table: sa.Table) -> int:
        with self.bound.connect() as connection:
            return connection.scalars(sa.select(sa.func.count()).select_from(table)).one()


def said_before(call: grpc.Call) -> bool:
    return ("idempotency-replayed", "true") in [tuple(each) for each in call.initial_metadata()]


@pytest.fixture(scope="module")
def database(create_database: Callable[[str], str]) -> str:
    return create_database("till")


@pytest.fixture(scope="module")
def bound(database: str) -> Iterator[sa.Engine]:
    made = read_engine(database)
    METADATA.create_all(made)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def serving(database: str, bound: sa.Engine) -> Iterator[Counter]:
    with served(part(database)) as channel:
        yield Counter(CustomerServiceStub(channel), bound)


@pytest.fixture(autouse=True)
def emptied(bound: sa.Engine) -> None:
    with bound.connect() as connection:
        connection.execute(ENTRIES.delete())
        connection.execute(ANSWERS.delete())


@pytest.fixture
def till(serving: Counter) -> Counter:
    return serving


@contextmanager
def dying(database: str, bound: sa.Engine, step: str) -> Iterator[Counter]:
    """A till in a process of its own that ends at *step*."""
    command = [sys.executable, "-m", "tests.chassis.till", database, CALLER_KEY, step]
    path = f"{ROOT}:{ROOT / 'contracts'}"
    process = subprocess.Popen(
        command, cwd=ROOT, env={"PYTHONPATH": path}, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        port = int(process.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield Counter(CustomerServiceStub(channel), bound)
        assert process.wait(10) == -9
    finally:
        process.kill()
        process.communicate()


def test_the_second_call_is_answered_as_the_first_and_does_nothing(till: Counter) -> None:
    request = pb.PutStaffRequest(staff=pb.Staff(staff_id="s-1"))

    first = till.ask(till.stub.PutStaff, request, "k-1", ADA)
    second = till.ask(till.stub.PutStaff, request, "k-1", ADA)

    assert first == Asked(replayed=False, answer=pb.PutStaffResponse(changed=True))
    assert second == Asked(replayed=True, answer=first.answer)
    assert till.entries() == 1


def test_without_a_key_every_call_acts_and_nothing_is_kept(till: Counter) -> None:
    till.reject("")
    till.reject("")

    assert (till.entries(), till.kept()) == (2, 0)


def test_twenty_at_once_are_one(till: Counter) -> None:
    with ThreadPoolExecutor(20) as pool:
        asked = list(pool.map(lambda _: till.reject("k-1", "slowly"), range(20)))

    acted = [one for one in asked if one.code is grpc.StatusCode.OK and not one.replayed]
    waiting = {one.refused.code for one in asked if one.refused}
    assert (len(acted), till.entries()) == (1, 1)
    assert waiting <= {"idempotency_in_flight"}
    assert till.reject("k-1", "slowly").replayed


def test_another_body_under_the_same_key_is_refused(till: Counter) -> None:
    till.reject("k-1", "")

    other = till.reject("k-1", "", subject="c-2")

    assert isinstance(other.refused, Invalid)
    assert other.refused.code == "idempotency_key_reused"
    assert till.entries() == 1


def test_a_key_belongs_to_its_caller_and_its_method(till: Counter) -> None:
    till.reject("k-1")

    others = till.reject("k-1", who=BO)
    system = till.reject("k-1", who=Caller("s-ada", ADVISER, system="s-ada-app"))
    method = till.ask(till.stub.PutStaff, pb.PutStaffRequest(), "k-1", ADA)

    assert [others.replayed, system.replayed, method.replayed] == [False, False, False]
    assert till.entries() == 4


@pytest.mark.parametrize(
    "by_now",
    [
        replace(ADA, roles=frozenset({"service_desk"})),
        replace(ADA, team_id="t-2"),
        replace(ADA, reach=Reach.OWN),
        replace(ADA, sees=frozenset({"name"})),
    ],
)
@pytest.mark.parametrize("how", ["", "RuleBroken"])
def test_who_sees_something_else_by_now_is_not_told_the_answer(
    how: str, by_now: Caller, till: Counter
) -> None:
    till.reject("k-1", how)
    entries = till.entries()

    later = till.reject("k-1", how, who=by_now)

    assert isinstance(later.refused, Conflict)
    assert later.refused.code == "sight_changed"
    assert not later.replayed
    assert till.entries() == entries
    assert till.reject("k-1", how).replayed


def test_what_others_share_is_part_of_what_somebody_sees() -> None:
    shared = Scope(shared_subjects=frozenset({"c-1"}))
    ours = [sight_of(ADA, scope) for scope in (NOTHING, shared, shared)]

    assert ours[0] != ours[1] == ours[2]


def test_a_broken_rule_is_said_again_without_asking_the_rule(till: Counter) -> None:
    first, second = till.reject("k-1", "RuleBroken"), till.reject("k-1", "RuleBroken")

    assert (first.replayed, second.replayed) == (False, True)
    assert first.refused is not None
    assert second.refused is not None
    assert vars(first.refused) == vars(second.refused)
    assert till.entries() == 0


@pytest.mark.parametrize("kind", ["Conflict", "NotFound", "Invalid", "Forbidden", "break"])
def test_what_may_end_otherwise_is_tried_again(kind: str, till: Counter) -> None:
    first, second = till.reject("k-1", kind), till.reject("k-1", kind)

    assert first.code is second.code is not grpc.StatusCode.OK
    assert not second.replayed
    assert till.kept() == 0


def test_a_stream_is_known_by_all_its_pieces(till: Counter) -> None:
    first = till.send_book("k-1", b"abc", b"def")
    second = till.send_book("k-1", b"abc", b"def")
    other = till.send_book("k-1", b"abc", b"deg")

    assert first.answer.import_id == "i-6"
    assert second == Asked(replayed=True, answer=first.answer)
    assert other.refused is not None
    assert other.refused.code == "idempotency_key_reused"
    assert till.entries() == 1


@pytest.mark.parametrize("key", [" ", "a b", "x" * 201])
def test_a_key_that_is_none_is_refused(key: str, till: Counter) -> None:
    refused = till.reject(key).refused

    assert refused is not None
    assert refused.code == "bad_idempotency_key"
    assert till.entries() == 0


@pytest.mark.parametrize(("step", "how"), [("claimed", ""), ("", "die")])
def test_whoever_dies_before_the_work_is_committed_leaves_it_to_the_next(
    step: str, how: str, database: str, till: Counter
) -> None:
    with dying(database, till.bound, step) as mortal:
        assert mortal.reject("k-1", how).code is grpc.StatusCode.UNAVAILABLE
    assert (till.entries(), till.state()) == (0, "claimed")

    early = till.reject("k-1", how)
    till.age(claimed_until="1 second")

    assert early.refused is not None
    assert early.refused.code == "idempotency_in_flight"
    if not how:
        assert till.reject("k-1", how).code is grpc.StatusCode.OK
        assert till.entries() == 1


def test_whoever_dies_after_the_work_leaves_word_that_it_was_done(
    database: str, till: Counter
) -> None:
    with dying(database, till.bound, "applied") as mortal:
        assert mortal.reject("k-1").code is grpc.StatusCode.UNAVAILABLE
    assert (till.entries(), till.state()) == (1, "applied")

    early = till.reject("k-1")
    till.age(claimed_until="1 second")
    late = till.reject("k-1")

    assert early.refused is not None
    assert early.refused.code == "idempotency_in_flight"
    assert isinstance(late.refused, Conflict)
    assert late.refused.code == "already_done"
    assert till.entries() == 1


def test_whoever_dies_with_the_answer_kept_has_answered(database: str, till: Counter) -> None:
    with dying(database, till.bound, "answered") as mortal:
        assert mortal.reject("k-1").code is grpc.StatusCode.UNAVAILABLE

    assert till.reject("k-1").replayed
    assert till.entries() == 1


def test_work_that_lost_its_claim_meanwhile_is_rolled_back(till: Counter) -> None:
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(till.reject, "k-1", "slowly")
        until("the claim", lambda: till.kept() == 1)
        till.age(claimed_until="1 second")
        fast = till.reject("k-1", "slowly")

    overtaken = slow.result().refused
    assert fast.code is grpc.StatusCode.OK
    assert overtaken is not None
    assert overtaken.code == "idempotency_in_flight"
    assert till.entries() == 1


def test_an_abandoned_claim_is_not_for_another_body(till: Counter) -> None:
    answers, ours = Answers(till.bound), Asking("s-ada", "/m", "k-1", b"one")
    answers.claim(ours, 0)
    till.age(claimed_until="1 second")

    with pytest.raises(Invalid, match="another request"):
        answers.claim(Asking("s-ada", "/m", "k-1", b"two"), 5)

    assert isinstance(answers.claim(ours, 5), Claim)


def test_after_a_day_a_key_is_new_again(till: Counter) -> None:
    till.reject("k-1")
    till.age(made_at="23 hours 59 minutes")
    assert till.reject("k-1").replayed

    till.age(made_at="24 hours 1 minute")

    assert not till.reject("k-1", subject="c-2").replayed
    assert till.entries() == 2


def test_old_answers_are_forgotten_a_few_at_a_time_around_those_in_use(till: Counter) -> None:
    answers = Answers(till.bound)
    for number in range(PRUNED_AT_ONCE + 50):
        answers.claim(Asking("s-ada", "/m", f"k-{number}", b""), 5)
    till.age(made_at="25 hours")

    with till.bound.connect() as connection:
        holding = connection.execution_options(isolation_level="READ COMMITTED")
        with holding.begin():
            holding.execute(sa.select(ANSWERS.c.claim).limit(10).with_for_update())
            counts = [answers.prune(), answers.prune()]

    assert counts == [PRUNED_AT_ONCE, 40]
    assert till.kept() == 10


def test_nothing_kept_tells_the_key_or_the_answer(till: Counter) -> None:
    till.send_book("a-very-secret-key", b"abc")

    with till.bound.connect() as connection:
        (row,) = connection.execute(sa.select(ANSWERS)).all()

    assert b"a-very-secret-key" not in repr(row).encode()
    assert b"i-3" not in bytes(row.content_sealed)

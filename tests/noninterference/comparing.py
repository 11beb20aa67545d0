"""Ask two institutions the same, and find the first answer that differs."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

import httpx

from gateway.routes import OPERATIONS
from gateway.schemas.trail import TRAILS
from tests.gateway.signing import Signing
from tests.noninterference.building import Known, build
from tests.noninterference.cast import NOW, Person, in_role
from tests.noninterference.ids import IDS
from tests.noninterference.requests import UNKNOWN, Drawing, Operation, Request, named
from tests.noninterference.stacks import Stack
from tests.noninterference.twins import Twins, twins

HEADERS = ("content-type", "etag", "location", "cache-control", "retry-after", "link", "allow")
SIGNED = re.compile(r'(http[^"?]*)\?[^"]*X-Amz-[^"]*')  # an upload is signed anew each time
PAGES = 3
TRAIL = "/trail"
READS, WRITES = 3, 2
PERMISSIONS = {(one.method.lower(), one.path): one.permission for one in OPERATIONS}

Sequences = (list, tuple)
Answer = tuple[int, dict[str, str], Any]


@dataclass(frozen=True)
class Difference:
    request: Request
    one: Answer
    other: Answer

    def __str__(self) -> str:
        return "\n  ".join((str(self.request), *unlike(self.one, self.other)))


@dataclass
class Asked:
    """How often each operation was answered with which status."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)

    def succeeded(self) -> set[str]:
        return {name for name, status in self.statuses if status < 300}


@dataclass
class Interview:
    """One caller asks both worlds."""

    told: Twins
    random: Random
    stacks: tuple[Stack, Stack]
    token: str
    drawing: Drawing
    asked: Asked
    differences: list[Difference] = field(default_factory=list)

    def ask(self, chosen: Iterable[Operation]) -> list[Difference]:
        """Where the worlds answered differently; empty when nothing is given away.

        What the caller has no permission for is refused at the door, whatever is asked: once.
        """
        plan = [
            operation
            for operation in chosen
            if not operation.streams
            for _ in range(self._times(operation))
        ]
        self.random.shuffle(plan)
        for operation in plan:
            self.pages_of(self.drawing.request(operation))
        for stack in self.stacks:
            stack.deliver()
        for operation in plan:
            if operation.reads and self._permitted(operation):
                self.pages_of(self.drawing.request(operation))
        return self.differences

    def _times(self, operation: Operation) -> int:
        if not self._permitted(operation):
            return 1
        return READS if operation.reads else WRITES

    def _permitted(self, operation: Operation) -> bool:
        return self.told.who.may(PERMISSIONS[operation.method, operation.path])

    def pages_of(self, request: Request) -> None:
        """What several services write down of one request is in no order: one trail at a time."""
        if request.operation.path == TRAIL:
            one = self.random.choice(TRAILS)
            self.same(replace(request, query={"service": one, **request.query}))
            return
        for _ in range(PAGES):
            following = self.same(request)
            if following is None:
                return
            request = replace(request, query={**request.query, "cursor": following})

    def same(self, request: Request) -> str | None:
        """The cursor of the next page, if there is one."""
        number = self.asked.statuses.total()
        one, other = (self._ask(request, stack, number) for stack in self.stacks)
        self.asked.statuses[request.operation.name, one[0]] += 1
        if not self._uncovers(request.operation, one[0]) and one != other:
            self.differences.append(Difference(request, one, other))
        self._learn(one[2])
        assert one[0] < 500, request
        return one[2].get("next") if isinstance(one[2], dict) else None

    def _ask(self, request: Request, stack: Stack, number: int) -> Answer:
        stack.clock.now = NOW + timedelta(seconds=number)
        IDS.begin(f"request {number}")
        answer = stack.http.request(
            request.operation.method,
            request.path,
            params=dict(request.query),
            json=request.json,
            content=request.content,
            headers={
                **{name.lower(): value for name, value in request.headers.items()},
                "authorization": f"Bearer {self.token}",
                "x-request-id": f"request-{number}",
                "idempotency-key": f"request-{number}",
            },
        )
        return said(answer)

    def _uncovers(self, operation: Operation, status: int) -> bool:
        """Whoever is allowed to look behind a mask is told what is there."""
        permission = PERMISSIONS[operation.method, operation.path]
        return permission == "customer.unmask" and status < 300

    def _learn(self, body: Any) -> None:
        for name, value in named(body):
            if name.endswith("_id") and value not in self.drawing.pools.setdefault(name, []):
                self.drawing.pools[name].append(value)


def unlike(one: Any, other: Any, where: str = "answer") -> Iterator[str]:
    """The places where two answers differ, and what is there."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from unlike(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, Sequences) and isinstance(other, Sequences) and len(one) == len(other):
        for place, pair in enumerate(zip(one, other, strict=True)):
            yield from unlike(*pair, f"{where}[{place}]")
    elif one != other:
        yield f"{where}: {one!r} and {other!r}"


def said(answer: httpx.Response) -> Answer:
    headers = {name: answer.headers[name] for name in HEADERS if name in answer.headers}
    if "json" not in headers.get("content-type", ""):
        return answer.status_code, headers, answer.text
    body = json.loads(SIGNED.sub(r"\1", answer.text))
    if answer.request.url.path.endswith(TRAIL):
        body = {**body, "next": bool(body.get("next")), "items": timeless(body.get("items", ()))}
    return answer.status_code, headers, body


def timeless(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries of a trail without what differs by the moment: it is kept by the real clock."""
    return [{**entry, "at": None, "trace_id": None} for entry in entries]


def interview(
    who: Person, seed: int, stacks: tuple[Stack, Stack], signing: Signing, asked: Asked
) -> Interview:
    random = Random(seed)
    told = twins(who, random)
    one, other = (
        build(world, stack, administrator_of(signing))
        for world, stack in zip((told.one, told.other), stacks, strict=True)
    )
    drawing = Drawing(random, pools(told, one, other))
    return Interview(told, random, stacks, token_of(who, signing), drawing, asked)


def pools(told: Twins, one: Known, other: Known) -> dict[str, list[str]]:
    """What exists in either world, seen or not, and what exists in none."""
    names = one.ids.keys() | other.ids.keys()
    made = {name: sorted({*one.of(name), *other.of(name), UNKNOWN}) for name in names}
    return made | {"q": sorted(set(_words(told)))}


def _words(told: Twins) -> Iterator[str]:
    """Numbers of everybody; names, phones and identity numbers where asking is not being told."""
    for client in (*told.one.clients, *told.other.clients):
        yield client.customer_no
        if client.key in told.hidden or "search" not in told.who.sees:
            yield from (client.name, client.phone, client.identity)


def administrator_of(signing: Signing) -> str:
    return token_of(in_role("administrator")[0], signing)


def token_of(who: Person, signing: Signing) -> str:
    if who.role in ("client_channel", "system"):
        return signing.system(who.staff_id, who.role)
    return signing.token(
        sub=who.staff_id, roles=[who.role], team_id=who.team_id, branch_id=who.branch_id
    )

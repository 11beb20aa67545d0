"""What was answered under an idempotency key: asked again, a service answers again and acts once.

A claim is committed before the work, marked as applied in the transaction of the work, and given
its answer afterwards. Whoever dies in between leaves a row that tells how far they came.
An answer opens only to who knows the key and still sees what they saw when it was given; one
about clients whom the caller saw then, only while they still see them.
"""

import hmac
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.answer_rows import (
    ANSWERED,
    APPLIED,
    CLAIM,
    CLAIMED,
    FIND,
    KEEP,
    MARK,
    PRUNE,
    REFUSED,
    RELEASE,
)
from chassis.errors import Conflict, Invalid
from chassis.identity import caller
from chassis.ids import new_id
from chassis.scope import NOTHING, Scope
from chassis.sight import sight_of
from chassis.subjects import NOBODY, SeesAll, Subjects, everybody

PRUNED_EVERY = 1.0  # seconds
PRUNED_AT_ONCE = 200  # rows
NONCE = 12  # bytes
SEEN = b"seen"


@dataclass(frozen=True)
class Asking:
    """Who asks for what under which key; only a digest of the key is ever stored."""

    caller: str
    method: str
    key: str = field(repr=False)
    body: bytes = field(repr=False)  # its digest
    sight: bytes = field(default=b"", repr=False)  # digest of what the caller sees

    @cached_property
    def place(self) -> dict[str, object]:
        digest = sha256(self.key.encode()).digest()
        return {"who": self.caller, "what": self.method, "key": digest}

    def seal(self, answer: bytes, seen: bool = False) -> bytes:
        """Answers may show what is personal: they open only to who knows the key."""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, answer, self._context(seen))

    def open(self, sealed: bytes) -> tuple[bytes, bool]:
        """The answer, and whether the caller saw whom it is about when it was given.

        Raise Conflict when they see more or less by now.
        """
        for seen in (True, False):
            with suppress(InvalidTag):
                context = self._context(seen)
                return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], context), seen
        raise sight_changed()

    def _context(self, seen: bool) -> bytes:
        return self.body + self.sight + (SEEN if seen else b"")

    @cached_property
    def _cipher(self) -> AESGCM:
        about = f"answer to {self.caller} by {self.method}"
        return AESGCM(hmac.digest(self.key.encode(), about.encode(), "sha256"))


@dataclass(frozen=True)
class Claim:
    """The right to do the work, until somebody else may take it."""

    asking: Asking
    claim: str = field(default_factory=new_id)

    @property
    def place(self) -> dict[str, object]:
        return {**self.asking.place, "mine": self.claim}


@dataclass(frozen=True)
class Stored:
    """What was answered the first time: a message, or the status of a refusal."""

    refused: bool
    content: bytes = field(repr=False)
    seen: bool  # whom it is about, by the caller, when it was given


_claim: ContextVar[Claim | None] = ContextVar("claim", default=None)


@contextmanager
def working_on(claim: Claim) -> Iterator[None]:
    """What is committed meanwhile is marked as the work of *claim*."""
    before = _claim.set(claim)
    try:
        yield
    finally:
        _claim.reset(before)


def mark_applied(connection: sa.Connection) -> None:
    """In the transaction of the work; refuse it when the claim has passed to somebody else."""
    claim = _claim.get()
    if claim is None:
        return
    marked = connection.execute(MARK, claim.place)
    if marked.rowcount != 1:
        raise in_flight()


class Answers:
    """The answers of one service. *engine* commits every statement by itself.

    *scope* tells what the caller sees by others' leave; without it, by their roles alone.
    *sees_all* tells whether that covers some clients.
    """

    def __init__(
        self,
        engine: sa.Engine,
        scope: Callable[[], Scope] = lambda: NOTHING,
        sees_all: SeesAll = everybody,
    ) -> None:
        self._engine = engine
        self._scope = scope
        self._sees_all = sees_all
        self._pruned_at = 0.0

    def sight(self) -> bytes:
        """Digest of what the caller sees now."""
        return sight_of(caller(), self._scope())

    def check_seen(self, stored: Stored, about: Subjects) -> None:
        """Raise Conflict when clients of the answer have left the caller's sight since."""
        if stored.seen and not self._sees_all(self._scope(), about):
            raise sight_changed()

    def claim(self, asking: Asking, seconds: float) -> Claim | Stored:
        """The work, for *seconds*; or what it was answered with before."""
        self._prune_sometimes()
        claim = Claim(asking)
        values = {**claim.place, "body": asking.body, "seconds": seconds}
        with self._engine.connect() as connection:
            if connection.execute(CLAIM, values).first() is not None:
                return claim
            found = connection.execute(FIND, asking.place).first()
        if found is None:
            raise in_flight()  # released this very moment
        return self._found(asking, found)

    def answered(self, claim: Claim, answer: bytes, about: Subjects = NOBODY) -> None:
        self._keep(claim, ANSWERED, answer, (CLAIMED, APPLIED), about)

    def refused(self, claim: Claim, status: bytes, about: Subjects = NOBODY) -> None:
        """Nothing was done, and the same will be said again."""
        self._keep(claim, REFUSED, status, (CLAIMED,), about)

    def release(self, claim: Claim) -> None:
        """Nothing was done, and the same may be tried again."""
        self._execute(RELEASE, claim.place)

    def prune(self) -> int:
        """Forget some of what is older than a day, stepping around who works on it."""
        return self._execute(PRUNE, {"most": PRUNED_AT_ONCE})

    def _found(self, asking: Asking, row: sa.Row[Any]) -> Stored:
        if not hmac.compare_digest(row.body_digest, asking.body):
            raise key_reused()
        if row.state in (ANSWERED, REFUSED):
            return Stored(row.state == REFUSED, *asking.open(row.content_sealed))
        if row.state == APPLIED and row.over:
            raise already_done()
        raise in_flight()

    def _keep(
        self, claim: Claim, state: str, content: bytes, states: tuple[str, ...], about: Subjects
    ) -> None:
        sealed = claim.asking.seal(content, self._sees_all(self._scope(), about))
        self._execute(KEEP, {**claim.place, "to": state, "from": states, "sealed": sealed})

    def _execute(self, statement: sa.Executable, values: dict[str, object]) -> int:
        with self._engine.connect() as connection:
            return connection.execute(statement, values).rowcount

    def _prune_sometimes(self) -> None:
        if time.monotonic() - self._pruned_at > PRUNED_EVERY:
            self._pruned_at = time.monotonic()
            self.prune()


def in_flight() -> Conflict:
    return Conflict(
        "idempotency_in_flight",
        "the same request is being answered; wait a moment, then send it again",
        "相同请求正在处理中，请稍候重试",
    )


def already_done() -> Conflict:
    return Conflict(
        "already_done",
        "this was done, but its answer was lost; read the thing to see it",
        "操作已完成，但应答已丢失，请直接查询结果",
    )


def sight_changed() -> Conflict:
    return Conflict(
        "sight_changed",
        "what you may see has changed since this was answered; read the thing to see it",
        "您的可见范围在应答之后已变化，请直接查询结果",
    )


def key_reused() -> Invalid:
    return Invalid(
        "idempotency_key_reused",
        "this idempotency key was used for another request; take a new one",
        "该幂等键已用于其他请求，请更换",
    )

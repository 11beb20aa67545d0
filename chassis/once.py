"""A call with an idempotency key: claimed, done once, and answered again when it is repeated."""

import logging
import re
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any

import grpc
from google.protobuf import descriptor_pool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from sqlalchemy.exc import SQLAlchemyError

from chassis.answers import Answers, Asking, Claim, Stored, working_on
from chassis.errors import Invalid, Refusal, RuleBroken
from chassis.identity import caller
from chassis.status import packed, unpacked
from chassis.subjects import NOBODY, Subjects, subjects

logger = logging.getLogger(__name__)

METADATA_KEY = "idempotency-key"
REPLAYED = "idempotency-replayed"

KEY = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)
# Nothing changes, or every time it is asked shall leave its own record.
ALWAYS_ANEW = ("Get", "List", "Unmask", "Try", "Explain", "Check")
MARGIN = 5.0  # seconds after its deadline in which a call may still be under way
LONGEST = 120.0  # seconds
LARGEST_STREAM = 64 * 1024 * 1024  # bytes

Handler = Callable[[Any, grpc.ServicerContext], Any]


class Once:
    """Wraps the handlers of a service; without *answers*, keys mean nothing."""

    def __init__(self, answers: Answers | None) -> None:
        self._answers = answers

    def __call__(self, act: Handler, method: str) -> Handler:
        if self._answers is None or method.rpartition("/")[2].startswith(ALWAYS_ANEW):
            return act
        answers, shown = self._answers, answer_of(method)

        def once(request: Any, context: grpc.ServicerContext) -> Any:
            key = given_key(context)
            if key is None:
                return act(request, context)
            whole, body = digested(request)
            who = caller().system or caller().staff_id
            asking = Asking(who, method, key, body, answers.sight())
            claimed = answers.claim(asking, lease(context))
            asked = subjects(request) if isinstance(request, Message) else NOBODY
            if isinstance(claimed, Stored):
                told = NOBODY if claimed.refused else subjects(shown.FromString(claimed.content))
                answers.check_seen(claimed, asked | told)
                return replayed(claimed, context)
            return first(answers, claimed, lambda: act(whole, context), asked)

        return once


def first(answers: Answers, claim: Claim, act: Callable[[], Message], asked: Subjects) -> Message:
    """Do the work; keep what came of it.

    A broken rule is an answer. Any other refusal may pass, or was found before anything was done.
    """
    try:
        with working_on(claim):
            answer = act()
    except RuleBroken as refusal:
        safely(answers.refused, claim, packed(refusal).SerializeToString(), asked)
        raise
    except BaseException:
        safely(answers.release, claim)
        raise
    safely(answers.answered, claim, answer.SerializeToString(), asked | subjects(answer))
    return answer


def answer_of(method: str) -> type[Message]:
    """What /package.Service/Method answers with."""
    service, _, name = method.removeprefix("/").rpartition("/")
    found = descriptor_pool.Default().FindServiceByName(service).methods_by_name[name]
    return GetMessageClass(found.output_type)


def safely(settle: Callable[..., None], *arguments: object) -> None:
    """What was done is done: the caller hears of it, whether or not we can remember it."""
    try:
        settle(*arguments)
    except SQLAlchemyError as error:
        logger.warning("an answer was not kept: %s", type(error).__name__)


def replayed(stored: Stored, context: grpc.ServicerContext) -> bytes:
    context.send_initial_metadata(((REPLAYED, "true"),))
    if stored.refused:
        raise said_before(stored.content)
    return stored.content


def said_before(status: bytes) -> Refusal:
    refusal = unpacked(status)
    assert refusal is not None  # only what packed() wrote is stored
    return refusal


def given_key(context: grpc.ServicerContext) -> str | None:
    key = dict(context.invocation_metadata()).get(METADATA_KEY)
    if key is None:
        return None
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise Invalid("bad_idempotency_key", "the idempotency key is not valid", "幂等键无效")
    return key


def lease(context: grpc.ServicerContext) -> float:
    """For how long nobody else may do the work; seconds."""
    left = context.time_remaining()
    return min(LONGEST, left + MARGIN) if left is not None else LONGEST


def digested(request: Any) -> tuple[Any, bytes]:
    """The request, a stream read to its end, and the digest of what it says."""
    if isinstance(request, Message):
        return request, digest([request])
    pieces = list(limited(request))
    return iter(pieces), digest(pieces)


def digest(messages: Iterable[Message]) -> bytes:
    seen = sha256()
    for message in messages:
        said = message.SerializeToString(deterministic=True)
        seen.update(len(said).to_bytes(8, "big") + said)
    return seen.digest()


def limited(pieces: Iterable[Message]) -> Iterable[Message]:
    read = 0
    for piece in pieces:
        read += piece.ByteSize()
        if read > LARGEST_STREAM:
            raise Invalid("too_large", "this is too large", "内容过大")
        yield piece

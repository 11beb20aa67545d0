"""Staff who are not active any more: shut out within seconds, whatever their token says."""

import asyncio
import logging
from typing import NoReturn, Protocol

import grpc
from sqlalchemy.exc import SQLAlchemyError

from chassis import log as tracing
from chassis.failures import described
from chassis.identity import METADATA_KEY, Caller, CallerSigner
from chassis.scope import Reach
from gateway.line import Line
from gateway.problems import RETRY_AFTER, Problem
from gateway.sentences import Sentence
from gateway.services import Services
from gateway.tokens import Session
from liheng.customer.v1 import customer_pb2 as pb

log = logging.getLogger(__name__)

ASKED_EVERY = 2.0  # seconds
GATEWAY = Caller("gateway", frozenset({"system"}), system="gateway", reach=Reach.INSTITUTION)

Left = frozenset[str]  # staff ids


class LastWord(Protocol):
    """What the register said last, for a gateway that starts while it is away.

    Raises SQLAlchemyError when it cannot be kept or found.
    """

    async def found(self) -> Left | None:
        """None when the register never said anything."""
        ...

    async def keep(self, left: Left) -> None: ...


class Leavers:
    """The staff register's word on who left; while it is away, its last word counts.

    Nobody of the staff is let in before there is a word.
    """

    def __init__(self, services: Services, signer: CallerSigner, last_word: LastWord) -> None:
        self._services = services
        self._signer = signer
        self._last_word = last_word
        self._left: Left | None = None
        self._kept: Left | None = None

    def check(self, session: Session) -> None:
        if session.caller.system:
            return
        if self._left is None:
            raise register_away()
        if session.caller.staff_id in self._left:
            raise deactivated()

    async def begin(self) -> None:
        """Remember, then ask once: whoever listens afterwards knows what can be known."""
        try:
            self._left = self._kept = await self._last_word.found()
        except SQLAlchemyError as error:
            log.warning("who left is not remembered: %s", described(error))
        await self._ask_if_there()

    async def keep_asking(self) -> NoReturn:
        while True:
            await asyncio.sleep(ASKED_EVERY)
            await self._ask_if_there()

    async def ask(self) -> None:
        line = Line(
            ((METADATA_KEY, self._signer.sign(GATEWAY)), ("traceparent", tracing.new_trace()))
        )
        request = pb.ListStaffRequest(state="inactive")
        told = await line.call(self._services.customer.ListStaff, request)
        self._left = frozenset(one.staff_id for one in told.staff if not one.active)
        if self._left != self._kept:
            await self._last_word.keep(self._left)
            self._kept = self._left

    async def _ask_if_there(self) -> None:
        try:
            await self.ask()
        except grpc.aio.AioRpcError as error:
            log.warning("the staff register did not answer: %s", error.code().name)
        except Problem as problem:
            log.warning("the staff register was not asked: %s", problem.code)
        except SQLAlchemyError as error:
            log.warning("who left is not kept: %s", described(error))


def deactivated() -> Problem:
    detail = Sentence(
        "You are no longer active in the staff register; ask its administrator",
        "您在员工名册中已停用，请联系管理员",
    )
    challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    return Problem(401, "staff_deactivated", detail, headers=challenge)


def register_away() -> Problem:
    detail = Sentence(
        "The staff register cannot be asked who still works here; try again shortly",
        "暂时无法核对员工名册，请稍后重试",
    )
    return Problem(503, "staff_register_away", detail, headers={"Retry-After": RETRY_AFTER})

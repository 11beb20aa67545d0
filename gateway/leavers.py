"""Staff who are not active any more: shut out within seconds, whatever their token says."""

import asyncio
import logging
from typing import NoReturn

import grpc

from chassis import log as tracing
from chassis.identity import METADATA_KEY, Caller, CallerSigner
from chassis.scope import Reach
from gateway.line import Line
from gateway.problems import Problem
from gateway.sentences import Sentence
from gateway.services import Services
from gateway.tokens import Session
from liheng.customer.v1 import customer_pb2 as pb

log = logging.getLogger(__name__)

ASKED_EVERY = 2.0  # seconds
GATEWAY = Caller("gateway", frozenset({"system"}), system="gateway", reach=Reach.INSTITUTION)


class Leavers:
    """The staff register's word on who left; while it is away, its last word counts."""

    def __init__(self, services: Services, signer: CallerSigner) -> None:
        self._services = services
        self._signer = signer
        self._left: frozenset[str] = frozenset()

    def check(self, session: Session) -> None:
        if not session.caller.system and session.caller.staff_id in self._left:
            raise deactivated()

    async def keep_asking(self) -> NoReturn:
        while True:
            try:
                await self.ask()
            except grpc.aio.AioRpcError as error:
                log.warning("the staff register did not answer: %s", error.code().name)
            except Problem as problem:
                log.warning("the staff register was not asked: %s", problem.code)
            await asyncio.sleep(ASKED_EVERY)

    async def ask(self) -> None:
        line = Line(
            ((METADATA_KEY, self._signer.sign(GATEWAY)), ("traceparent", tracing.new_trace()))
        )
        request = pb.ListStaffRequest(state="inactive")
        told = await line.call(self._services.customer.ListStaff, request)
        self._left = frozenset(one.staff_id for one in told.staff if not one.active)


def deactivated() -> Problem:
    detail = Sentence(
        "You are no longer active in the staff register; ask its administrator",
        "您在员工名册中已停用，请联系管理员",
    )
    challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    return Problem(401, "staff_deactivated", detail, headers=challenge)

"""Everything that is asked of a token before anybody acts on it."""

from dataclasses import dataclass

from starlette.requests import Request

from gateway.client_certificates import ClientCertificates
from gateway.introspection import Introspection
from gateway.leavers import Leavers
from gateway.second_factor import SecondFactor
from gateway.tokens import Session, Tokens


@dataclass(frozen=True)
class Entrance:
    tokens: Tokens
    certificates: ClientCertificates
    leavers: Leavers
    introspection: Introspection | None  # None when nobody told us how to ask
    second_factor: SecondFactor | None  # None when it was switched off

    async def session(self, request: Request) -> Session:
        session = await self.tokens.session(request.headers.get("authorization", ""))
        self.certificates.check(session, request)
        await self._goes_on(session)
        if self.second_factor is not None:
            self.second_factor.check(session)
        return session

    async def still(self, session: Session) -> None:
        """Raise when the session has ended: for answers that go on for longer than a moment."""
        await self.tokens.session(f"Bearer {session.token}")
        await self._goes_on(session)

    async def _goes_on(self, session: Session) -> None:
        self.leavers.check(session)
        if self.introspection is not None:
            await self.introspection.check(session)

"""What knowing, allowing, masking and watching cost, each as a share of one read of a customer.

The parts are the real ones, warm as in a busy process; the whole is the processor time that
gateway and service take for one answer.
"""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey, RSAKey

from bench.figure import Figure, show
from bench.floor import sample
from bench.processor import seconds_of
from chassis.identity import Caller, CallerSigner, CallerVerifier
from chassis.scope import Scope
from chassis.sealing.keyring import FixedKeyring
from chassis.sealing.sealer import Sealer
from gateway import permissions
from gateway.claims import ClaimNames
from gateway.tokens import Tokens
from gateway.trail import rows_in
from liheng.customer.v1 import customer_pb2 as pb
from services.customer.adapters import statements
from services.customer.adapters.masking import mask_address, mask_identity, mask_phone
from services.customer.adapters.sealing import index_keys, place_of

ISSUER, AUDIENCE = "https://bench.example", "liheng"
ADVISER = Caller("s-bench", frozenset({"adviser"}), "t-bench", "b-bench")
PERSON = {
    "name": "林安达",
    "identity": "330106198805120015",
    "phone": "13800138000",
    "address": "浙江省杭州市西湖区文三路1号",
}
TIMES = 2000


class Provider:
    """One key that never changes."""

    generation = 1

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "bench"})

    async def keys(self, kid: str) -> KeySet:
        return KeySet([self.key])


def measure(whole: float) -> None:
    """Print one line per part; *whole* is the processor seconds of one answer."""
    parts = {
        "authentication": authentication(),
        "authorisation": authorisation(),
        "masking": masking(),
        "audit": audit(),
    }
    for name, seconds in parts.items():
        figure = f"gateway.customers.one.{name}"
        show(Figure(figure, seconds * 1e6, "µs", "one answer, processor", whole * 1e6))


def authentication() -> float:
    """The session of a token seen before, and the caller signed and verified."""
    key = OKPKey.generate_key("Ed25519")
    signer = CallerSigner(json.dumps(key.as_dict(private=True)))
    verifier = CallerVerifier(json.dumps(key.as_dict(private=False)))
    provider = Provider()
    tokens = Tokens(provider, ISSUER, AUDIENCE, ClaimNames("roles", "team", "branch"))
    bearer = f"Bearer {token(provider.key)}"

    async def known() -> None:
        if tokens.knows(bearer):
            await tokens.session(bearer)

    asyncio.run(first(tokens.session(bearer)))
    travel = seconds_of(lambda: verifier.verify(signer.sign(ADVISER)), times=TIMES)
    return travel + seconds_of_async(known)


def token(key: RSAKey) -> str:
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": ADVISER.staff_id,
        "exp": int(time.time()) + 3600,
        "roles": sorted(ADVISER.roles),
    }
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key, algorithms=["RS256"])


def authorisation() -> float:
    """Duties apart, the permission, what the roles see, and the statement of that scope."""
    allowed = permissions.load()

    def work() -> None:
        sight = allowed.sight(ADVISER.roles)
        if not allowed.conflict(ADVISER.roles) and allowed.allow(ADVISER.roles, "customer.read"):
            who = replace(ADVISER, reach=sight.reach, sees=sight.fields)
            statements.view(Scope(reach=who.reach, staff_id=who.staff_id, team_id=who.team_id))

    return seconds_of(work, times=TIMES)


def masking() -> float:
    """Four fields opened, three of them masked."""
    sealer = Sealer(FixedKeyring({"b": os.urandom(32)}, "b"), index_keys(os.urandom(32)))
    sealed = {name: sealer.seal(text, place_of("c-1", name)) for name, text in PERSON.items()}

    def work() -> None:
        opened = {name: sealer.open(text, place_of("c-1", name)) for name, text in sealed.items()}
        mask_identity(opened["identity"])
        mask_phone(opened["phone"])
        mask_address(opened["address"])

    return seconds_of(work, times=TIMES)


def audit() -> float:
    """A masked read leaves no entry; what is asked each time is whether it showed many."""
    answer = pb.GetCustomerResponse(customer=sample())
    return seconds_of(lambda: rows_in(answer), times=TIMES)


def seconds_of_async(work: Callable[[], Awaitable[None]]) -> float:
    async def many() -> None:
        for _ in range(TIMES):
            await work()

    return seconds_of(lambda: asyncio.run(many()), times=1) / TIMES


async def first(work: Awaitable[object]) -> None:
    await work

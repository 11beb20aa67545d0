"""Put together what knows who is there, and keep it knowing."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from chassis.identity import CallerSigner
from gateway import second_factor
from gateway.claims import ClaimNames
from gateway.client_certificates import ClientCertificates
from gateway.config import GatewayConfig
from gateway.entrance import Entrance
from gateway.introspection import Introspection
from gateway.leavers import LastWord, Leavers
from gateway.provider import Provider, client
from gateway.services import Services
from gateway.tasks import going_on
from gateway.tokens import Tokens

log = logging.getLogger(__name__)


@asynccontextmanager
async def signing_in(
    config: GatewayConfig, services: Services, last_word: LastWord
) -> AsyncIterator[tuple[Provider, Entrance]]:
    """While it lasts, the provider's keys and the register's leavers are asked for again."""
    async with client(config.oidc_authority) as asking:
        provider = Provider(config.oidc_issuer, asking)
        leavers = Leavers(services, CallerSigner(config.caller_signing_key), last_word)
        await leavers.begin()
        introspection = _introspection(config, provider, asking)
        entrance = _entrance(config, provider, leavers, introspection)
        async with going_on(provider.keep_learning()), going_on(leavers.keep_asking()):
            yield provider, entrance
        if introspection is not None:
            await introspection.close()


def _introspection(
    config: GatewayConfig, provider: Provider, asking: httpx.AsyncClient
) -> Introspection | None:
    if not config.oidc_client_id:
        return None
    return Introspection(provider, asking, config.oidc_client_id, config.oidc_client_secret)


def _entrance(
    config: GatewayConfig, provider: Provider, leavers: Leavers, introspection: Introspection | None
) -> Entrance:
    names = ClaimNames(
        config.oidc_roles_claim,
        config.oidc_team_claim,
        config.oidc_branch_claim,
        config.oidc_subject_claim,
    )
    if not config.second_factor:
        log.warning("privileged roles are let in without a second factor")
    needed = second_factor.load(config.oidc_acr_values) if config.second_factor else None
    return Entrance(
        tokens=Tokens(provider, config.oidc_issuer, config.oidc_audience, names),
        certificates=ClientCertificates(config.terminator_secret, config.systems_need_certificates),
        leavers=leavers,
        introspection=introspection,
        second_factor=needed,
    )

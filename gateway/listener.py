"""How the gateway listens: in clear behind a TLS terminator, or over TLS of its own."""

import logging
import ssl
from asyncio import Transport
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from chassis.config import ConfigurationError
from gateway.client_certificates import PEER
from gateway.config import GatewayConfig
from gateway.connection import Connection

log = logging.getLogger(__name__)

KEEP_ALIVE = 30  # seconds
BACKLOG = 1024  # connections
LAST_ANSWERS = 10  # seconds to finish what is under way


def listening(
    app: ASGIApp, config: GatewayConfig, protocol: type[Connection] | None = None
) -> uvicorn.Config:
    """Addresses of clients are believed only from proxies that the configuration names."""
    return uvicorn.Config(
        app,
        host=config.host,
        port=config.port,
        loop="uvloop",
        http=protocol or KnowsItsPeer,
        ws="none",
        ssl_context_factory=_over_tls(config),
        backlog=BACKLOG,
        proxy_headers=bool(config.trusted_proxies),
        forwarded_allow_ips=config.trusted_proxies or None,
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=LAST_ANSWERS,
    )


class KnowsItsPeer(Connection):
    """Puts the certificate that the client proved to hold into the scope of its requests."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        secured = transport.get_extra_info("ssl_object")
        self._peer: bytes = (secured and secured.getpeercert(True)) or b""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope[PEER] = self._peer  # type: ignore[literal-required]


def _over_tls(
    config: GatewayConfig,
) -> Callable[[uvicorn.Config, Callable[[], ssl.SSLContext]], ssl.SSLContext] | None:
    if not config.listen_certificate:
        return None
    try:
        renewed = RenewedContext(
            config.listen_certificate, config.listen_key, config.client_authority
        )
    except OSError as error:
        raise ConfigurationError(f"cannot listen over TLS: {error}") from error
    return lambda _, __: renewed.current


class RenewedContext:
    """Each handshake takes place by what the files say then; half replaced ones change nothing."""

    def __init__(self, certificate: str, key: str, client_authority: str) -> None:
        self._certificate, self._key = certificate, key
        self._authority = client_authority
        self._marks = self._marked()
        self.current = self._read()

    def _offer(self, secured: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        try:
            self._look_again()
        except OSError as error:
            log.warning("new certificates cannot be used: %s", error)
        secured.context = self.current

    def _look_again(self) -> None:
        marks = self._marked()
        if marks != self._marks:
            self.current, self._marks = self._read(), marks

    def _marked(self) -> list[tuple[int, int]]:
        named = (self._certificate, self._key, self._authority)
        stats = [Path(file).stat() for file in named if file]
        return [(stat.st_ino, stat.st_mtime_ns) for stat in stats]

    def _read(self) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        made.load_cert_chain(self._certificate, self._key)
        if self._authority:
            made.verify_mode = ssl.CERT_OPTIONAL
            made.load_verify_locations(self._authority)
        made.sni_callback = self._offer
        return made

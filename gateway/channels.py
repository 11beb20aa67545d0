"""Channels to the services: balanced, and over certificates that change while they are used."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn, cast

import grpc

from chassis.tls import Certificates, Pems

log = logging.getLogger(__name__)

LOOKED_AT_EVERY = 1.0  # seconds
READY_WITHIN = 5.0  # seconds; else the present channel stays
DRAINED_AFTER = 65.0  # seconds; longer than any call takes

Options = list[tuple[str, Any]]
Bind = Callable[[grpc.aio.Channel], Any]


def open_channel(
    address: str, options: Options, certificates: Certificates | None
) -> grpc.aio.Channel:
    target = f"dns:///{address}"
    if certificates is None:
        return grpc.aio.insecure_channel(target, options=options)
    made = RenewedChannel(
        lambda pems: grpc.aio.secure_channel(target, _credentials(pems), options=options),
        certificates,
    )
    return cast(grpc.aio.Channel, made)


def _credentials(pems: Pems) -> grpc.ChannelCredentials:
    return grpc.ssl_channel_credentials(pems.authority, pems.key, pems.certificate)


class RenewedChannel:
    """As a channel; behind it, another one as soon as the certificates are others.

    Calls under way end on the channel they began on. A new channel takes over when it is
    connected, so that certificates nobody accepts change nothing.
    """

    def __init__(
        self, make: Callable[[Pems], grpc.aio.Channel], certificates: Certificates
    ) -> None:
        self._make = make
        self._certificates = certificates
        self._pems = certificates.latest()
        self._channel = make(self._pems)
        self._methods: list[_Method] = []
        self._watching: asyncio.Task[NoReturn] = asyncio.create_task(self._watch())
        self._draining: set[asyncio.Task[None]] = set()

    def unary_unary(self, *args: Any, **kwargs: Any) -> "_Method":
        return self._method(lambda channel: channel.unary_unary(*args, **kwargs))

    def stream_unary(self, *args: Any, **kwargs: Any) -> "_Method":
        return self._method(lambda channel: channel.stream_unary(*args, **kwargs))

    def get_state(self, try_to_connect: bool = False) -> grpc.ChannelConnectivity:
        return self._channel.get_state(try_to_connect)

    async def close(self, grace: float | None = None) -> None:
        ending = [self._watching, *self._draining]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        await self._channel.close(grace)

    async def renew(self) -> None:
        pems = self._certificates.latest()
        if pems == self._pems:
            return
        fresh = self._make(pems)
        try:
            async with asyncio.timeout(READY_WITHIN):
                await fresh.channel_ready()
        except TimeoutError:
            await fresh.close()
            log.warning("a service does not take the new certificate; the old one stays in use")
            return
        self._pems, old, self._channel = pems, self._channel, fresh
        for method in self._methods:
            method.bind(fresh)
        self._drain(old)

    async def _watch(self) -> NoReturn:
        while True:
            await asyncio.sleep(LOOKED_AT_EVERY)
            await self.renew()

    def _drain(self, old: grpc.aio.Channel) -> None:
        draining = asyncio.create_task(_close_later(old))
        self._draining.add(draining)
        draining.add_done_callback(self._draining.discard)

    def _method(self, bind: Bind) -> "_Method":
        made = _Method(bind, self._channel)
        self._methods.append(made)
        return made


class _Method:
    """One method, called over the channel of the moment."""

    def __init__(self, bind: Bind, channel: grpc.aio.Channel) -> None:
        self._bind = bind
        self.bind(channel)

    def bind(self, channel: grpc.aio.Channel) -> None:
        self._call = self._bind(channel)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(*args, **kwargs)


async def _close_later(channel: grpc.aio.Channel) -> None:
    with suppress(asyncio.CancelledError):
        await asyncio.sleep(DRAINED_AFTER)
    await channel.close()

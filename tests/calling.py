"""Run a service in this process and call it as the gateway does."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import grpc
import pytest
from joserfc.jwk import OKPKey

from chassis import rpc
from chassis.errors import Refusal
from chassis.identity import METADATA_KEY, Caller, CallerSigner, CallerVerifier
from chassis.service import RpcPart
from chassis.status import to_refusal
from gateway import permissions

_KEY = OKPKey.generate_key("Ed25519")
_SIGNER = CallerSigner(json.dumps(_KEY.as_dict(private=True)))

CALLER_KEY = json.dumps(_KEY.as_dict(private=False))


_PERMISSIONS = permissions.load()


def staff(staff_id: str, *roles: str, team_id: str = "", branch_id: str = "") -> Caller:
    """Who sees what the permissions let these roles see."""
    sight = _PERMISSIONS.sight(frozenset(roles))
    return Caller(
        staff_id, frozenset(roles), team_id, branch_id, reach=sight.reach, sees=sight.fields
    )


def as_caller(who: Caller) -> tuple[tuple[str, str], ...]:
    """Metadata for one call: a caller's token is valid for a minute only."""
    return ((METADATA_KEY, _SIGNER.sign(who)),)


@contextmanager
def served(part: RpcPart) -> Iterator[grpc.Channel]:
    running = rpc.start(part, CallerVerifier(CALLER_KEY))
    try:
        with grpc.insecure_channel(f"127.0.0.1:{running.port}") as channel:
            yield channel
    finally:
        rpc.stop([running])


def refusal(call: Callable[[], object]) -> Refusal:
    with pytest.raises(grpc.RpcError) as caught:
        call()
    assert isinstance(caught.value, grpc.Call)
    refused = to_refusal(caught.value)
    assert refused is not None
    return refused

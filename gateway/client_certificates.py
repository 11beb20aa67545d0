"""Certificates of clients: a token bound to one (RFC 8705) is good only together with it."""

import ssl
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request

from gateway.problems import Problem
from gateway.sentences import Sentence
from gateway.tokens import Session

CONFIRMED_BY = "x5t#S256"
PRESENTED = "Client-Cert"  # RFC 9440, by a TLS terminator in front of us
TERMINATOR = "X-Terminator-Secret"
PEER = "liheng.peer_certificate"  # in the scope, by our own listener (DER)


class ClientCertificates:
    """Believes our own listener, and a terminator that knows the secret."""

    def __init__(self, terminator_secret: str, systems_need_one: bool) -> None:
        self._secret = terminator_secret.encode()
        self._systems_need_one = systems_need_one

    def check(self, session: Session, request: Request) -> None:
        presented = self._presented(request)
        bound_to = session.claims.get("cnf")
        if bound_to is None:
            if self._systems_need_one and session.caller.system:
                raise not_bound()
        elif not _same(bound_to, presented):
            raise not_presented()

    def _presented(self, request: Request) -> bytes:
        header = request.headers.get(PRESENTED)
        if header is None:
            found: bytes = request.scope.get(PEER, b"")
            return found
        if not self._secret or not compare_digest(
            request.headers.get(TERMINATOR, "").encode(), self._secret
        ):
            raise not_believed()
        return read(header)


def read(header: str) -> bytes:
    """DER, from RFC 9440's `:base64:` or from PEM with percent signs, as nginx passes it on."""
    try:
        if header.startswith(":") and header.endswith(":"):
            return b64decode(header[1:-1], validate=True)
        return ssl.PEM_cert_to_DER_cert(unquote(header))
    except ValueError:
        raise not_believed() from None


def thumbprint(der: bytes) -> str:
    return urlsafe_b64encode(sha256(der).digest()).decode().rstrip("=")


def _same(bound_to: Any, presented: bytes) -> bool:
    """A token that is bound in a way we cannot check is not good for anybody."""
    return (
        isinstance(bound_to, Mapping)
        and list(bound_to) == [CONFIRMED_BY]
        and bool(presented)
        and compare_digest(str(bound_to[CONFIRMED_BY]).encode(), thumbprint(presented).encode())
    )


def not_presented() -> Problem:
    detail = Sentence(
        "The access token is bound to a certificate; send it together with that certificate",
        "访问令牌已绑定客户端证书，请使用该证书建立连接",
    )
    return _refused("certificate_needed", detail)


def not_bound() -> Problem:
    detail = Sentence(
        "Systems sign in with a certificate; have the access token bound to it",
        "系统须使用客户端证书登录，并获取与证书绑定的访问令牌",
    )
    return _refused("certificate_needed", detail)


def not_believed() -> Problem:
    detail = Sentence(
        "A client certificate in a header is taken from our own TLS terminator only",
        "仅接受本方 TLS 终结点转递的客户端证书",
    )
    return _refused("certificate_not_believed", detail)


def _refused(code: str, detail: Sentence) -> Problem:
    challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    return Problem(401, code, detail, headers=challenge)

"""Tokens as a provider would issue them, good and bad."""

import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

AUDIENCE = "liheng"


class Signing:
    """One provider's key and the claims it puts into tokens."""

    def __init__(self, issuer: str, kid: str = "k1") -> None:
        self.issuer = issuer
        self.key = RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})

    @property
    def public(self) -> dict[str, Any]:
        return dict(self.key.as_dict(private=False))

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": "s-wangjun",
            "iat": now,
            "nbf": now,
            "exp": now + 600,
            "roles": ["adviser"],
            "team_id": "t-hangzhou",
            "branch_id": "b-zhejiang",
            "amr": ["pwd", "otp"],
        }
        claims |= changed
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, **changed: Any) -> str:
        header = {"alg": "RS256", "kid": self.key.kid}
        return jwt.encode(header, self.claims(**changed), self.key, algorithms=["RS256"])

    def staff(self, *roles: str, staff_id: str = "s-wangjun") -> str:
        return self.token(sub=staff_id, roles=list(roles))

    def system(self, client_id: str, *scopes: str) -> str:
        scope = " ".join(scopes)
        staff = {"roles": None, "team_id": None, "branch_id": None, "amr": None}
        return self.token(sub=client_id, client_id=client_id, scope=scope, **staff)

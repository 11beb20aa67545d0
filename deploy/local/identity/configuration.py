"""nanoidp's two files. They are JSON, which its YAML reader takes as well."""

import json
from pathlib import Path
from typing import Any

from deploy.local.environment import GATEWAY
from deploy.local.identity.institution import Institution, Person, System
from deploy.local.secrets import Secrets, keep

STAFF = "example-staff"  # one password for everybody in the example
DESK = "front-desk"  # the client through which staff sign in
FRONT_END = "front-end"  # the client of pages in a browser
BACK_AT_THE_FRONT_END = "http://127.0.0.1/signed-in"  # on any port (RFC 8252)
TOKEN_MINUTES = 60
STAFF_SCOPES = ["openid", "profile"]


def write(
    folder: Path, issuer: str, audience: str, institution: Institution, secrets: Secrets
) -> None:
    """The signing keys beside them stay as they are, so that tokens outlive a restart."""
    (folder / "keys").mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = provider(folder, issuer, audience, institution, secrets)
    keep(folder / "settings.yaml", _text(settings))
    keep(folder / "users.yaml", _text(people(institution, secrets)))


def provider(
    folder: Path, issuer: str, audience: str, institution: Institution, secrets: Secrets
) -> dict[str, Any]:
    host, _, port = issuer.rpartition("/")[2].rpartition(":")
    return {
        "config_version": 1,
        "server": {"host": host, "port": int(port)},
        "oauth": {
            "issuer": issuer,
            "audience": audience,
            "token_expiry_minutes": TOKEN_MINUTES,
            "require_pkce": True,
            "scopes_supported": sorted({*STAFF_SCOPES, *_scopes(institution)}),
            "clients": [
                desk(secrets),
                front_end(),
                gateway(secrets),
                *(client(one, secrets) for one in institution.systems),
            ],
        },
        "jwt": {"algorithm": "RS256", "keys_dir": str(folder / "keys")},
        "session": {
            "secret_key": secrets.password("identity-session"),
            "management_secret": secrets.password("identity-management"),
            "require_ui_login": True,
            "enforce_password_check": True,
        },
        "logging": {"level": "WARNING", "verbose_logging": False, "log_token_requests": False},
    }


def desk(secrets: Secrets) -> dict[str, Any]:
    return {
        "client_id": DESK,
        "client_secret": secrets.password(DESK),
        "description": "Sign-in of the example staff",
        "allowed_scopes": STAFF_SCOPES,
    }


def front_end() -> dict[str, Any]:
    """A page in a browser, which keeps no secret: authorization code with PKCE."""
    return {
        "client_id": FRONT_END,
        "token_endpoint_auth_method": "none",
        "description": "Front-ends on this machine",
        "allowed_scopes": STAFF_SCOPES,
        "redirect_uris": [BACK_AT_THE_FRONT_END],
    }


def gateway(secrets: Secrets) -> dict[str, Any]:
    """Asks about sessions; gets no token itself."""
    return {
        "client_id": GATEWAY,
        "client_secret": secrets.password(GATEWAY),
        "description": "The gateway, asking whether sessions go on",
        "allowed_scopes": [],
    }


def client(system: System, secrets: Secrets) -> dict[str, Any]:
    """A system signs in for itself; its roles are the scopes it may ask for."""
    return {
        "client_id": system.system_id,
        "client_secret": secrets.password(system.system_id),
        "description": system.name,
        "allowed_scopes": list(system.roles),
    }


def people(institution: Institution, secrets: Secrets) -> dict[str, Any]:
    password = secrets.password(STAFF)
    users = {person.staff_id: user(person, password) for person in institution.staff}
    return {"config_version": 1, "users": users}


def user(person: Person, password: str) -> dict[str, Any]:
    return {
        "password": password,
        "roles": list(person.roles),
        "attributes": {
            "name": person.name,
            "team_id": person.team_id,
            "branch_id": person.branch_id,
        },
    }


def _scopes(institution: Institution) -> set[str]:
    return {role for system in institution.systems for role in system.roles}


def _text(settings: dict[str, Any]) -> str:
    return json.dumps(settings, ensure_ascii=False, indent=2)

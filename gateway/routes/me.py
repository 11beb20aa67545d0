"""/me: who the gateway takes the caller for."""

from collections.abc import Mapping

from gateway.operation import Asked, Routes
from gateway.schemas.me import Me
from gateway.sentences import Sentence

me = Routes("me")


@me.get(
    "/me",
    permission="me.read",
    summary=Sentence("Who am I, and what may I do", "当前用户与权限"),
    shows=Me,
)
async def get_me(asked: Asked) -> Mapping[str, object]:
    who = asked.caller
    return {
        "staff_id": who.staff_id,
        "system": who.system or None,
        "team_id": who.team_id or None,
        "branch_id": who.branch_id or None,
        "roles": sorted(who.roles),
        "reach": who.reach,
        "sees": sorted(who.sees),
        "permissions": sorted(asked.permissions.of(who.roles)),
    }

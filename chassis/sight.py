"""What a caller may see, as one digest: what was made for one sight is not shown to another."""

import json
from hashlib import sha256

from chassis.identity import Caller
from chassis.scope import Scope


def sight_of(who: Caller, scope: Scope) -> bytes:
    """Roles, place, fields, and what others have shared with them."""
    told = (
        who.system,
        sorted(who.roles),
        who.team_id,
        who.branch_id,
        who.reach,
        sorted(who.sees),
        sorted(scope.shared_owners),
        sorted(scope.shared_subjects),
    )
    return sha256(json.dumps(told).encode()).digest()

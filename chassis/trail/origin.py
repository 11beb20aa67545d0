"""Who acts at this moment, for whom, in which trace: what every entry of the trail says."""

import json
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from chassis import identity, log
from chassis.clock import system_clock
from chassis.trail.entry import code

# The service whose event handler or timer acts, when nobody has called.
acting: ContextVar[str] = ContextVar("acting", default="")
# The use case under way.
usecase: ContextVar[str] = ContextVar("usecase", default="")


@dataclass(frozen=True)
class Origin:
    actor: str  # staff id
    roles: list[str]
    system: str  # of the institution, or one of our services
    usecase: str
    trace_id: str
    request_id: str
    at: datetime

    @classmethod
    def now(cls) -> "Origin":
        who = identity.caller_or_nobody()
        return cls(
            actor="" if who.system else code(who.staff_id),
            roles=sorted(filter(code, who.roles)),
            system=code(who.system) or acting.get(),
            usecase=usecase.get(),
            trace_id=log.trace_id(),
            request_id=log.request_id.get(),
            at=system_clock(),
        )

    def told(self) -> str:
        """For the database's own triggers."""
        return json.dumps(vars(self) | {"at": self.at.isoformat()})

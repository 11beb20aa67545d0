"""Who takes part in the journey, and how it is told."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from examples.journey.api import Json, Person

EXAMPLES = Path(__file__).resolve().parents[1]

ADVISER = "s-wangjun"
COLLEAGUE = "s-suli"  # of the same team
TEAM_LEADER = "s-leader-hangzhou"
COMPLIANCE = "s-compliance"
SERVICE_DESK = "s-service-desk"
OPERATIONS = "s-operations"
MANAGEMENT = "s-management"
ADMINISTRATOR = "s-administrator"
AUDITOR = "s-auditor"
CLIENT_CHANNEL = "client-channel"


@dataclass
class Stage:
    """One run of the journey: the API, the stack's clock, and a voice."""

    gateway: httpx.Client
    sign_in: Callable[[str], str]
    now: Callable[[], datetime]
    forward: Callable[[timedelta], None]
    say: Callable[[str], None]
    chance: random.Random = field(default_factory=random.SystemRandom)

    def as_(self, staff_id: str) -> Person:
        return Person(self.gateway, staff_id, self.sign_in)

    def quietly(self) -> "Stage":
        """The same, without a word."""
        return replace(self, say=lambda line: None)

    def step(self, number: int, title: str) -> None:
        self.say(f"\n{number}. {title}")

    def tell(self, line: str) -> None:
        self.say(f"   {line}")

    def refusal(self, tried: str, problem: Json) -> None:
        rule = f" [{problem['rule']}]" if problem.get("rule") else ""
        self.tell(f"✗ {tried}: refused{rule} — {problem['detail']} ({problem['code']})")

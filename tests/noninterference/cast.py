"""Who works where, whose clients there are, and who may see them: told here, not by the code."""

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

PERMISSIONS = tomllib.loads(
    (Path(__file__).parents[2] / "gateway" / "permissions.toml").read_text(encoding="utf-8")
)
ROLES: dict[str, list[str]] = PERMISSIONS["roles"]
WIDTH = ("none", "own", "team", "branch", "institution")

START = datetime(2026, 11, 20, 2, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
PRODUCTS = ("P1", "P2")


@dataclass(frozen=True)
class Person:
    """A member of staff, or a system, in one role."""

    staff_id: str
    role: str
    team_id: str = ""
    branch_id: str = ""

    @property
    def reach(self) -> str:
        reaches = (width for width, roles in PERMISSIONS["reach"].items() if self.role in roles)
        return max(reaches, key=WIDTH.index, default="none")

    @property
    def sees(self) -> frozenset[str]:
        told = PERMISSIONS["sees"].items()
        return frozenset(kind for kind, roles in told if self.role in roles)

    def may(self, permission: str) -> bool:
        return permission in (*ROLES[self.role], *PERMISSIONS["everyone"])


TEAMS = {"t-1": "b-1", "t-2": "b-1", "t-3": "b-2"}
ADVISERS = tuple(
    Person(f"s-{team_id}-{number}", "adviser", team_id, branch_id)
    for team_id, branch_id in TEAMS.items()
    for number in (1, 2)
)
LEADERS = tuple(Person(f"s-{t}-leader", "team_leader", t, b) for t, b in TEAMS.items())
MANAGERS = tuple(Person(f"s-{b}-manager", "branch_manager", "", b) for b in ("b-1", "b-2"))
OTHERS = tuple(
    Person(f"s-{role}", role)
    for role in ROLES
    if role not in ("adviser", "team_leader", "branch_manager")
)
STAFF = (*ADVISERS, *LEADERS, *MANAGERS, *OTHERS)
BY_ID = {member.staff_id: member for member in STAFF}


def in_role(role: str) -> list[Person]:
    return [member for member in STAFF if member.role == role]


@dataclass(frozen=True, kw_only=True)
class Sale:
    product_id: str
    amount: int
    decided: bool
    recorded: bool


@dataclass(frozen=True, kw_only=True)
class Client:
    """Somebody an adviser serves; *key* names them in every world."""

    key: int
    owner: str  # staff id; empty while nobody serves them
    onboarded: bool
    surname: str
    given: str
    identity: str
    phone: str
    street: str
    level: str
    income: int
    held: int  # CNY of P1
    bought: int  # CNY of P2, a year ago
    minutes: int  # after the start
    sale: Sale | None = None

    @property
    def customer_id(self) -> str:
        return f"c-{self.key}"

    @property
    def customer_no(self) -> str:
        return f"K{self.key:06d}"

    @property
    def name(self) -> str:
        return self.surname + self.given

    @property
    def at(self) -> datetime:
        return START + timedelta(minutes=self.minutes)


@dataclass(frozen=True, kw_only=True)
class Grant:
    """*staff_id* may see a client, or all of an owner's, for a time."""

    grant_id: str
    staff_id: str
    customer_id: str = ""
    owner: str = ""
    valid_from: datetime = START
    valid_until: datetime = NOW + timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Handover:
    """Clients moved on from one adviser to another, long ago."""

    handover_id: str
    from_adviser: str
    to_adviser: str
    moved: int


@dataclass(frozen=True)
class World:
    clients: tuple[Client, ...]
    grants: tuple[Grant, ...] = ()
    family: tuple[tuple[int, int], ...] = field(default=())  # keys of clients
    handovers: tuple[Handover, ...] = ()
    rejected: int = 0  # rows of a book that was sent in; 0: none was


def sees(who: Person, client: Client, grants: tuple[Grant, ...]) -> bool:
    """The oracle: reach, and what is granted now."""
    return _reaches(who, client) or any(_opens(grant, who, client) for grant in grants)


def _reaches(who: Person, client: Client) -> bool:
    owner = BY_ID.get(client.owner)
    if who.reach in ("none", "institution"):
        return who.reach == "institution"
    if owner is None:
        return who.reach != "own"
    return {
        "own": owner.staff_id == who.staff_id,
        "team": owner.team_id == who.team_id or owner.staff_id == who.staff_id,
        "branch": owner.branch_id == who.branch_id or owner.staff_id == who.staff_id,
    }[who.reach]


def concerned(who: Person, handover: Handover) -> bool:
    """Both advisers, and whoever is above one of them."""
    return any(
        _reaches_staff(who, BY_ID[adviser])
        for adviser in (handover.from_adviser, handover.to_adviser)
    )


def _reaches_staff(who: Person, adviser: Person) -> bool:
    return {
        "none": False,
        "own": adviser.staff_id == who.staff_id,
        "team": adviser.team_id == who.team_id,
        "branch": adviser.branch_id == who.branch_id,
        "institution": True,
    }[who.reach]


def _opens(grant: Grant, who: Person, client: Client) -> bool:
    if grant.staff_id != who.staff_id or not grant.valid_from <= NOW < grant.valid_until:
        return False
    return grant.customer_id == client.customer_id or grant.owner == client.owner != ""


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
BORN_ON = date(1961, 7, 30)


@cache
def identities(last: str) -> tuple[str, ...]:
    """Valid numbers of women born that day that begin with 4 and end alike."""
    bodies = (
        f"44{region:02d}05{BORN_ON:%Y%m%d}{serial:03d}"
        for region in range(1, 20)
        for serial in range(0, 300, 2)
    )
    return tuple(body + last for body in bodies if _check_digit(body) == last)


def _check_digit(body: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return "10X98765432"[total % 11]

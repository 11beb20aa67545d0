"""Who signs in: the staff and systems of the example institution."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.say import Problem
from deploy.local.settings import CHECKOUT

EXAMPLE = CHECKOUT / "examples" / "institution.json"


@dataclass(frozen=True)
class Person:
    staff_id: str
    name: str
    roles: tuple[str, ...]
    team_id: str = ""
    branch_id: str = ""


@dataclass(frozen=True)
class System:
    system_id: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Institution:
    staff: tuple[Person, ...]
    systems: tuple[System, ...]


def read(path: Path = EXAMPLE) -> Institution:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Institution(
            staff=tuple(_person(one) for one in told["staff"]),
            systems=tuple(_system(one) for one in told.get("systems", [])),
        )
    except (OSError, ValueError, KeyError) as error:
        raise Problem(f"{path} does not describe an institution: {error!r}") from error


def _person(told: dict[str, Any]) -> Person:
    return Person(
        staff_id=told["staff_id"],
        name=told["name"],
        roles=tuple(told["roles"]),
        team_id=told.get("team_id", ""),
        branch_id=told.get("branch_id", ""),
    )


def _system(told: dict[str, Any]) -> System:
    return System(told["system_id"], told["name"], tuple(told["roles"]))

"""Of every kind of act an auditor finds, through the gateway, who did it; and nothing personal."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from tests.gateway.signing import Signing
from tests.noninterference.building import build
from tests.noninterference.cast import ADVISERS, BY_ID, Client, Person, in_role
from tests.noninterference.comparing import administrator_of, token_of
from tests.noninterference.ids import IDS
from tests.noninterference.stacks import Stack
from tests.noninterference.twins import some_world


@dataclass
class Day:
    """What people do, one after the other, with one client."""

    stack: Stack
    signing: Signing
    client: Client
    done: int = 0

    def ask(self, who: Person, method: str, path: str, **more: Any) -> int:
        self.done += 1
        IDS.begin(f"act {self.done}")
        headers = {"authorization": f"Bearer {token_of(who, self.signing)}"}
        return self.stack.http.request(method, path, headers=headers, **more).status_code

    def found(self, action: str, **filters: str) -> list[Mapping[str, Any]]:
        asked: dict[str, str | int] = {"limit": 100, **filters}
        if action:
            asked["action"] = action
        headers = {"authorization": f"Bearer {token_of(in_role('auditor')[0], self.signing)}"}
        answer = self.stack.http.get("/trail", params=asked, headers=headers).raise_for_status()
        assert answer.json()["away"] == []
        items: list[Mapping[str, Any]] = answer.json()["items"]
        return items


@pytest.fixture
def day(stacks: tuple[Stack, Stack], signing: Signing) -> Day:
    world = some_world(Random(7))
    build(world, stacks[0], administrator_of(signing))
    client = next(each for each in world.clients if each.sale and each.sale.decided)
    return Day(stacks[0], signing, client)


def test_every_kind_of_act_is_found_with_who_did_it(day: Day) -> None:
    adviser, client = BY_ID[day.client.owner], day.client
    stranger = next(each for each in ADVISERS if each.branch_id != adviser.branch_id)
    compliance, administrator = in_role("compliance")[0], in_role("administrator")[0]
    here = f"/customers/{client.customer_id}"
    other = BY_ID[stranger.staff_id]

    assert day.ask(adviser, "GET", "/customers", params={"q": client.phone}) == 200
    unmasking = {"fields": ["phone"], "purpose": "contact", "note": "约定面谈时间"}
    assert day.ask(adviser, "POST", f"{here}/unmaskings", json=unmasking) == 201
    assert day.ask(stranger, "POST", f"{here}/unmaskings", json=unmasking) == 404
    assert day.ask(in_role("management")[0], "POST", f"{here}/unmaskings", json=unmasking) == 403
    granting = {
        "staff_id": other.staff_id,
        "adviser_id": adviser.staff_id,
        "purpose": "leave_cover",
        "valid_until": "2026-11-30T02:00:00Z",
    }
    assert day.ask(compliance, "POST", "/access-grants", json=granting) == 201
    moved = {"name": "员工", "roles": ["service_desk"], "active": True}
    assert day.ask(administrator, "PUT", f"/staff/{other.staff_id}", json=moved) in (200, 204)

    did = {
        action: {entry["actor"] for entry in day.found(action)}
        for action in (
            "customer.searched",
            "customer.unmasked",
            "request.refused",
            "access_grants.added",
            "staff.changed",
            "sales.added",
            "decision.made",
            "webhook.registered",
            "trail.read",
        )
    }
    assert did["customer.searched"] == did["customer.unmasked"] == {adviser.staff_id}
    assert did["request.refused"] == {"s-management"}
    assert did["access_grants.added"] == {compliance.staff_id}
    assert did["webhook.registered"] == {administrator.staff_id}
    assert administrator.staff_id in did["staff.changed"]
    assert adviser.staff_id in did["sales.added"]
    assert did["decision.made"]
    assert did["trail.read"] == {"s-auditor"}


def test_a_change_tells_before_and_after_and_nobody_is_known_by_it(day: Day) -> None:
    administrator, other = in_role("administrator")[0], ADVISERS[0]
    moved = {"name": "员工", "roles": ["service_desk"], "active": True}
    assert day.ask(administrator, "PUT", f"/staff/{other.staff_id}", json=moved) in (200, 204)

    changed = day.found("staff.changed", subject=other.staff_id)[0]
    everything = json.dumps(day.found("") + day.found("", service="customer"), ensure_ascii=False)

    roles = changed["details"]["fields"]["roles"]
    assert (roles["before"], roles["after"]) == (["adviser"], ["service_desk"])
    assert [
        value
        for value in (day.client.name, day.client.phone, day.client.identity, day.client.street)
        if value in everything
    ] == []

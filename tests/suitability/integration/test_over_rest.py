"""A client's assessments over REST: through the gateway, real services and their databases."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

import httpx
import pytest

from tests.gateway.signing import Signing
from tests.noninterference.building import build
from tests.noninterference.cast import ADVISERS, BY_ID, Client, Person, in_role
from tests.noninterference.comparing import administrator_of, token_of
from tests.noninterference.conftest import (  # noqa: F401
    patched,
    provider,
    servers,
    signing,
    stacks,
)
from tests.noninterference.ids import IDS
from tests.noninterference.stacks import Stack
from tests.noninterference.twins import some_world

CHANNEL = in_role("client_channel")[0]


@dataclass
class Institution:
    stack: Stack
    signing: Signing
    client: Client
    asked: int = 0

    @property
    def adviser(self) -> Person:
        return BY_ID[self.client.owner]

    @property
    def stranger(self) -> Person:
        return next(one for one in ADVISERS if one.branch_id != self.adviser.branch_id)

    def ask(self, method: str, path: str, who: Person, **said: Any) -> httpx.Response:
        self.asked += 1
        IDS.begin(f"assessments {self.asked}")
        headers = {
            "Authorization": f"Bearer {token_of(who, self.signing)}",
            "Accept-Language": "zh",
        }
        answer = self.stack.http.request(method, path, headers=headers, **said)
        self.stack.deliver()
        return answer

    def get(self, path: str, who: Person = CHANNEL) -> Any:
        answer = self.ask("GET", path, who)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def next(self, who: Person = CHANNEL) -> Any:
        return self.get(f"/customers/{self.client.customer_id}/questionnaire", who)

    def answer(self, choice: int, who: Person = CHANNEL, version: str = "") -> httpx.Response:
        """The nth answer to every question, or the last."""
        asked = self.next(self.adviser)["questionnaire"]
        now = self.stack.clock.now
        body = {
            "questionnaire_version": version or asked["version"],
            "answers": {
                one["question_id"]: one["answers"][min(choice, len(one["answers"]) - 1)][
                    "answer_id"
                ]
                for one in asked["questions"]
            },
            "device": "phone-1",
            "started_at": (now - timedelta(minutes=5)).isoformat(),
            "ended_at": (now - timedelta(minutes=1)).isoformat(),
        }
        path = f"/customers/{self.client.customer_id}/assessments"
        return self.ask("POST", path, who, json=body)

    def become(self, kind: str) -> None:
        path = f"/customers/{self.client.customer_id}/facts"
        changed = self.ask("PATCH", path, self.adviser, json={"kind": kind})
        assert changed.status_code == 200, changed.text


@pytest.fixture
def institution(
    stacks: tuple[Stack, Stack],  # noqa: F811
    signing: Signing,  # noqa: F811
) -> Institution:
    stack, world = stacks[0], some_world(Random(11))
    build(world, stack, administrator_of(signing))
    client = next(one for one in world.clients if one.onboarded and one.owner and not one.sale)
    return Institution(stack, signing, client)


def test_a_client_is_assessed_and_confirms_and_staff_see_it_but_do_not_do_it(
    institution: Institution,
) -> None:
    client = f"/customers/{institution.client.customer_id}"
    before = institution.next()

    staff = institution.answer(1, institution.adviser)
    made = institution.answer(9)
    waiting = institution.get(f"{client}/risk-profile", institution.adviser)
    level = made.json()["risk_level"]
    by_staff = institution.ask(
        "POST",
        f"{client}/risk-profile/confirmations",
        institution.adviser,
        json={"risk_level": level},
    )
    confirmed = institution.ask(
        "POST", f"{client}/risk-profile/confirmations", CHANNEL, json={"risk_level": level}
    )

    assert before["may_answer"]
    assert before["questionnaire"]["audience"] == "person"
    assert (staff.status_code, by_staff.status_code) == (403, 403)
    assert made.status_code == 201
    assert waiting["reconfirmation_needed"] == (level != institution.client.level)
    assert confirmed.status_code == (201 if waiting["reconfirmation_needed"] else 409)
    history = institution.get(f"{client}/assessments", institution.adviser)["items"]
    assert [one["source"] for one in history] == ["questionnaire", "import"]
    inspected = institution.get(
        f"/assessments/{history[0]['assessment_id']}", in_role("compliance")[0]
    )
    assert (inspected["author"], inspected["device"]) == (CHANNEL.staff_id, "phone-1")
    assert institution.ask("GET", f"{client}/assessments", institution.stranger).json() == {
        "items": [],
        "next": None,
    }


def test_attempts_run_out_and_come_back_as_was_said(institution: Institution) -> None:
    left = institution.next()["left_today"]
    for _ in range(left):
        assert institution.answer(2).status_code == 201

    refused = institution.answer(2)
    told = institution.next()
    institution.stack.clock.now += timedelta(days=1)
    again = institution.answer(2)

    assert refused.status_code == 422
    assert refused.json()["code"] == "too_many_assessments_today"
    assert told["next_on"] in refused.json()["detail"]
    assert not told["may_answer"]
    assert again.status_code == 201


def test_an_institution_is_asked_its_own_questions(institution: Institution) -> None:
    persons = institution.next()["questionnaire"]["version"]
    institution.become("company")

    asked = institution.next()["questionnaire"]
    wrong = institution.answer(1, version=persons)
    right = institution.answer(9)

    assert asked["audience"] == "company"
    assert (wrong.status_code, wrong.json()["code"]) == (422, "other_audience")
    assert (right.status_code, right.json()["lowest_category"]) == (201, False)
    versions = institution.get("/questionnaires", institution.adviser)["items"]
    assert {one["audience"] for one in versions} == {"person", "company"}
    shown = institution.get(f"/questionnaires/{asked['version']}", institution.adviser)
    assert shown["digest"] == right.json()["questionnaire_digest"]


def test_an_adviser_sees_whose_profile_ends_soon_and_nobody_elses(
    institution: Institution,
) -> None:
    mine = institution.client.customer_id
    assert institution.answer(2).status_code == 201
    institution.stack.clock.now += timedelta(days=360)

    listed = institution.get("/risk-profiles?expiring_within=30d", institution.adviser)["items"]
    strangers = institution.get("/risk-profiles", institution.stranger)["items"]
    wrong = institution.ask("GET", "/risk-profiles?expiring_within=soon", institution.adviser)

    assert mine in [one["customer_id"] for one in listed]
    assert [one["valid_until"] for one in listed] == sorted(one["valid_until"] for one in listed)
    assert mine not in [one["customer_id"] for one in strangers]
    assert wrong.status_code == 422

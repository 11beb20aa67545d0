"""Customer class over REST: through the gateway, real services and their databases."""

from tests.noninterference.cast import in_role
from tests.noninterference.conftest import (  # noqa: F401
    patched,
    provider,
    servers,
    signing,
    stacks,
)
from tests.suitability.integration.test_over_rest import (
    CHANNEL,
    Institution,
    institution,  # noqa: F401
)

COMPLIANCE = in_role("compliance")[0]
EVIDENCE = {
    "applied_on": "2026-11-01",
    "risk_statement_on": "2026-11-01",
    "means_evidence_on": "2026-11-01",
    "tested_on": "2026-11-02",
    "duties_explained_on": "2026-11-02",
}


def test_a_client_becomes_professional_by_two_people_and_ordinary_alone(
    institution: Institution,  # noqa: F811
) -> None:
    path = f"/customers/{institution.client.customer_id}/class-applications"
    wish = {"wanted": "professional", **EVIDENCE}
    nothing = institution.get(path, institution.adviser)

    late = institution.ask(
        "POST", path, institution.adviser, json={**wish, "tested_on": "2099-01-01"}
    )
    by_stranger = institution.ask("POST", path, institution.stranger, json=wish)
    by_compliance = institution.ask("POST", path, COMPLIANCE, json=wish)
    made = institution.ask("POST", path, institution.adviser, json=wish)
    decisions = f"/class-applications/{made.json()['application_id']}/decisions"
    second = institution.ask("POST", path, CHANNEL, json=wish)
    verdict = {"verdict": "accepted"}
    by_adviser = institution.ask("POST", decisions, institution.adviser, json=verdict)
    accepted = institution.ask("POST", decisions, COMPLIANCE, json=verdict)
    elected = institution.get(path, institution.adviser)
    back = institution.ask(
        "POST", path, CHANNEL, json={"wanted": "ordinary", "applied_on": "2026-11-03"}
    )

    assert nothing == {"items": [], "next": None, "elected_class": None}
    assert (late.status_code, late.json()["code"]) == (422, "evidence_of_the_future")
    assert (by_stranger.status_code, by_compliance.status_code) == (404, 403)
    assert (made.status_code, made.json()["state"]) == (201, "open")
    assert (second.status_code, second.json()["code"]) == (409, "application_waits")
    assert (by_adviser.status_code, accepted.status_code) == (403, 201)
    assert accepted.json()["decided_by"] == COMPLIANCE.staff_id
    assert (elected["elected_class"], elected["items"][0]["in_force"]) == ("professional", True)
    assert (back.status_code, back.json()["state"]) == (201, "accepted")
    assert institution.get(path, institution.adviser)["elected_class"] == "ordinary"
    assert institution.get(path, institution.stranger) == nothing

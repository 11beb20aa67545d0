from tests.gateway.conftest import Ask


def test_a_member_of_staff_learns_who_they_are(ask: Ask) -> None:
    answer = ask("GET", "/me")

    assert answer.status_code == 200
    assert answer.json()["staff_id"] == "s-wangjun"
    assert answer.json()["system"] is None
    assert answer.json()["team_id"] == "t-hangzhou"
    assert answer.json()["roles"] == ["adviser"]
    assert "customer.read" in answer.json()["permissions"]
    assert "customer.kyc.review" not in answer.json()["permissions"]
    assert answer.json()["reach"] == "own"
    assert answer.json()["sees"] == ["name", "search"]


def test_a_system_has_the_system_roles_it_was_granted_as_scopes(ask: Ask) -> None:
    answer = ask("GET", "/me", role="client_channel")

    assert answer.json()["system"] == "client-app"
    assert answer.json()["roles"] == ["client_channel"]

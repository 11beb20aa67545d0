"""Steps 2 and 3: a lead becomes a customer who is known and assessed."""

from datetime import timedelta

from examples.journey.api import Json, until
from examples.journey.people import Client, somebody
from examples.journey.stage import ADVISER, CLIENT_CHANNEL, COMPLIANCE, TEAM_LEADER, Stage

# Enough for a qualified investor (QI-02), not enough to become a professional one (CUS-05).
FACTS = {
    "kind": "person",
    "financial_assets": "3500000.00",
    "household_financial_assets": "5200000.00",
    "household_net_financial_assets": "4000000.00",
    "average_income_3y": "450000.00",
    "household_annual_income": "800000.00",
    "investing_years": "8",
    "relevant_work_years": "0",
    "capacity": "full",
}


def become_customer(stage: Stage) -> str:
    """Lead → customer; answers the customer id."""
    client = somebody(stage.chance)
    adviser, leader = stage.as_(ADVISER), stage.as_(TEAM_LEADER)
    lead = leader.post(
        "/v1/leads",
        {
            "name": client.name,
            "phone": client.phone,
            "source": "campaign",
            "campaign": "autumn-evening",
        },
    )
    path = f"/v1/leads/{lead['lead_id']}"
    leader.post(f"{path}/assignments", {"adviser_id": ADVISER})
    adviser.post(f"{path}/contacts", {"contact_channel": "phone", "note": "wants to know more"})
    qualified = adviser.post(f"{path}/qualifications")
    customer_id: str = qualified["customer_id"]
    until("the lead becoming a customer", lambda: is_customer(stage, customer_id))
    stage.tell(f"lead new → assigned → contacted → qualified → customer {customer_id}")
    know(stage, customer_id, client)
    return customer_id


def is_customer(stage: Stage, customer_id: str) -> bool:
    found = stage.as_(ADVISER).find(f"/v1/customers/{customer_id}")
    return found is not None and found["customer"]["state"] == "customer"


def know(stage: Stage, customer_id: str, client: Client) -> None:
    path = f"/v1/customers/{customer_id}"
    stage.as_(ADVISER).post(f"{path}/kyc-submissions", submission(client))
    stage.refusal(
        "the adviser approves the KYC of their own client",
        stage.as_(ADVISER).refused(f"{path}/kyc-approvals"),
    )
    approved = stage.as_(COMPLIANCE).post(f"{path}/kyc-approvals")
    stage.tell(f"KYC submitted by the adviser, approved until {approved['expires_on']}")


def submission(client: Client) -> Json:
    return {
        "name": client.name,
        "identity_kind": "id_card",
        "identity_number": client.identity_number,
        "phone": client.phone,
        "address": "浙江省杭州市西湖区文三路1号",
        "occupation": "engineer",
        "purpose": "long-term investment",
        "tax_residences": ["CN"],
        "beneficial_owner": "self",
        "consents": ["personal_data", "sensitive_data", "recording"],
        "facts": FACTS,
    }


def be_assessed(stage: Stage, customer_id: str) -> Json:
    """The client answers the questionnaire; staff may not."""
    channel = stage.as_(CLIENT_CHANNEL)
    questionnaire = channel.get("/v1/questionnaires/current")
    answers = {
        "questionnaire_version": questionnaire["version"],
        "answers": {
            question["question_id"]: question["answers"][-2]["answer_id"]
            for question in questionnaire["questions"]
        },
        "device": "journey",
        "started_at": (stage.now() - timedelta(minutes=6)).isoformat(),
        "ended_at": (stage.now() - timedelta(minutes=1)).isoformat(),
    }
    path = f"/v1/customers/{customer_id}/assessments"
    stage.refusal("the adviser answers for the client", stage.as_(ADVISER).refused(path, answers))
    profile = channel.post_once_known(path, answers)
    stage.tell(
        f"questionnaire {questionnaire['version']}: score {profile['score']} → "
        f"{profile['risk_level']} {profile['risk_level_name_zh']}, "
        f"valid until {profile['valid_until']}"
    )
    return profile

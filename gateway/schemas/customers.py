"""Clients as the API takes and shows them."""

from gateway.schemas import shown, taken
from gateway.schemas.paging import PageAsked, sorted_by

CONSENTS = ("personal_data", "sensitive_data", "recording")
FACT_KINDS = (
    "person",
    "company",
    "financial_institution",
    "financial_product",
    "pension_or_charity",
    "qfii",
)
LEVELS = ("C1", "C2", "C3", "C4", "C5")


class FactsTaken(taken.Strict):
    """What is left out stays as it is."""

    born_on = taken.Day()
    kind = taken.Choice(*FACT_KINDS)
    financial_assets = taken.Amount()
    household_financial_assets = taken.Amount()
    household_net_financial_assets = taken.Amount()
    average_income_3y = taken.Amount()
    household_annual_income = taken.Amount()
    net_assets = taken.Amount()
    investing_years = taken.Digits()
    relevant_work_years = taken.Digits()
    capacity = taken.Choice("full", "limited", "none")
    guardian_consent = taken.Choice("true", "false")
    information_refused = taken.Choice("true", "false")
    as_of = taken.Day()
    source = taken.Choice("kyc", "import", "client", "adviser")


class Facts(shown.Shown):
    born_on = shown.Day()
    kind = shown.Text()
    financial_assets = shown.Amount()
    household_financial_assets = shown.Amount()
    household_net_financial_assets = shown.Amount()
    average_income_3y = shown.Amount()
    household_annual_income = shown.Amount()
    net_assets = shown.Amount()
    investing_years = shown.Text("whole years")
    relevant_work_years = shown.Text("whole years")
    capacity = shown.Text("full, limited, none")
    guardian_consent = shown.Text("true, false")
    information_refused = shown.Text("true, false")
    as_of = shown.Day()
    source = shown.Text("kyc, import, client, adviser")


class Kyc(shown.Shown):
    state = shown.Text("none, submitted, approved, rejected, expired")
    submitted_by = shown.Text()
    submitted_at = shown.Moment()
    reviewed_by = shown.Text()
    reviewed_at = shown.Moment()
    reason = shown.Text()
    expires_on = shown.Day()


class Customer(shown.Shown):
    """A person as the caller may see them: personal data is masked."""

    customer_id = shown.Id()
    customer_no = shown.Text()
    aliases = shown.Words()
    state = shown.Text("prospect, customer")
    kind = shown.Text("person, company")
    name = shown.Text("masked for roles that need none")
    sex = shown.Text("male, female")
    identity_kind = shown.Text("id_card")
    identity_number = shown.Text("masked")
    phone = shown.Text("masked")
    address = shown.Text("masked")
    born_on = shown.Day()
    tags = shown.Words()
    adviser_id = shown.Text()
    adviser_name = shown.Text()
    team_id = shown.Text()
    team_name = shown.Text()
    branch_id = shown.Text()
    kyc = shown.Part(Kyc)
    facts = shown.Part(Facts)
    risk_level = shown.Text("C1 to C5")
    risk_level_valid_until = shown.Day()
    aum = shown.Amount()
    version = shown.Count()
    created_at = shown.Moment()
    updated_at = shown.Moment()


class Holding(shown.Shown):
    product_id = shown.Id()
    product_name = shown.Text()
    units = shown.Amount()
    market_value = shown.Amount()
    valued_on = shown.Day()


class FamilyMember(shown.Shown):
    """Of somebody the caller may not see, the relation alone."""

    customer_id = shown.Text()
    customer_no = shown.Text()
    name = shown.Text()
    relation = shown.Text("spouse, child, parent, sibling, other")


class CustomerView(shown.Shown):
    """The 360° view."""

    customer = shown.Part(Customer)
    holdings = shown.Parts(Holding)
    family = shown.Parts(FamilyMember)


class Transaction(shown.Shown):
    transaction_id = shown.Id()
    product_id = shown.Text()
    kind = shown.Text("subscribe, redeem, dividend")
    amount = shown.Amount()
    traded_on = shown.Day()


class CustomersAsked(PageAsked):
    sort = sorted_by("customer_no", "aum", "created_at")
    adviser_id = taken.Id()
    team_id = taken.Id()
    state = taken.Choice("prospect", "customer")
    kyc_state = taken.Choice("none", "submitted", "approved", "rejected", "expired")
    risk_level = taken.Choice(*LEVELS)
    unserved = taken.Said()
    q = taken.Name(longest=100)


class KycSubmission(taken.Strict):
    name = taken.Name(longest=100, required=True)
    identity_kind = taken.Choice("id_card", required=True)
    identity_number = taken.Name(longest=32, required=True)
    phone = taken.Name(longest=32, required=True)
    address = taken.Name(longest=300, required=True)
    occupation = taken.Name(longest=100)
    purpose = taken.Name(longest=200)
    tax_residences = taken.Words(taken.Name(longest=2, required=True))
    beneficial_owner = taken.Name(longest=100)
    consents = taken.Words(taken.Choice(*CONSENTS, required=True))
    facts = taken.Part(FactsTaken)


class KycState(shown.Shown):
    state = shown.Text()


class KycApproved(shown.Shown):
    expires_on = shown.Day()


class KycRejection(taken.Strict):
    reason = taken.Name(longest=500, required=True)


class FactsUpdated(shown.Shown):
    facts = shown.Part(Facts)

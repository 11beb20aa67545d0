"""Read customers as callers write them."""

from datetime import date
from decimal import Decimal

from chassis.errors import Invalid
from chassis.identity import Caller
from chassis.inputs import choice, day, identifier, optional_text, storable, text
from liheng.customer.v1 import customer_pb2 as pb
from liheng.customer.v1.events_pb2 import CustomerFacts
from services.customer.domain.contact import normal_name, normal_phone
from services.customer.domain.customer import Origin, Person, Submission
from services.customer.domain.facts import Capacity, Facts, FactsSource, LegalKind
from services.customer.domain.identity_number import (
    Flaw,
    IdentityNumber,
    NotAnIdentityNumber,
    read_identity_number,
)
from services.customer.domain.kyc import Consent, KycAnswers
from services.customer.domain.staff import Member

SOURCES = ("campaign", "referral", "walk_in")
LONGEST_YEARS = 120
LIFETIMES = range(1900, 2200)  # years; what other services can read
AMOUNTS = (
    "financial_assets",
    "household_financial_assets",
    "household_net_financial_assets",
    "average_income_3y",
    "household_annual_income",
    "net_assets",
)
FLAWS = {
    Flaw.SHAPE: ("an identity number has 18 characters", "身份证号码应为 18 位"),
    Flaw.CHECK_DIGIT: (
        "the identity number's check digit is wrong; compare it with the card",
        "身份证号码校验位错误，请与证件核对",
    ),
    Flaw.REGION: ("the identity number's region code is wrong", "身份证号码行政区划代码无效"),
    Flaw.BIRTH_DATE: ("the identity number's birth date is wrong", "身份证号码出生日期无效"),
}


def read_prospect(request: pb.RegisterProspectRequest) -> Person:
    return Person(name=read_name(request.name), phone=read_phone(request.phone))


def read_origin(request: pb.RegisterProspectRequest, lead_id: str, by: str) -> Origin:
    if request.source not in SOURCES:
        known = ", ".join(SOURCES)
        raise Invalid(
            "not_a_choice",
            f"source must be one of: {known}",
            f"source 只能是：{known}",
            field="source",
        )
    return Origin(request.source, optional_text(request.campaign, "campaign"), lead_id, by)


def read_submission(request: pb.SubmitKycRequest, kyc_id: str) -> Submission:
    if request.identity_kind not in ("", "id_card"):
        raise Invalid(
            "not_a_choice",
            "identity_kind must be id_card",
            "identity_kind 只能是 id_card",
            field="identity_kind",
        )
    return Submission(
        kyc_id=kyc_id,
        person=Person(
            name=read_name(request.name),
            phone=read_phone(request.phone),
            address=text(request.address, "address", longest=300),
        ),
        identity=read_identity(request.identity_number),
        answers=read_answers(request),
    )


def read_answers(request: pb.SubmitKycRequest) -> KycAnswers:
    return KycAnswers(
        occupation=optional_text(request.occupation, "occupation"),
        purpose=optional_text(request.purpose, "purpose", longest=500),
        tax_residences=tuple(read_country(code) for code in request.tax_residences),
        beneficial_owner=optional_text(request.beneficial_owner, "beneficial_owner"),
        consents=tuple(choice(Consent, consent, "consents") for consent in request.consents),
    )


def read_country(code: str) -> str:
    if len(code) == 2 and code.isascii() and code.isalpha() and code.isupper():
        return code
    raise Invalid(
        "not_a_country",
        "tax_residences holds two-letter country codes such as CN",
        "tax_residences 应为两位国家代码，例如 CN",
        field="tax_residences",
    )


def read_name(written: str) -> str:
    name = normal_name(text(written, "name", longest=100))
    if name is None:
        raise Invalid("not_a_name", "name is not a name", "name 不是有效的姓名", field="name")
    return name


def read_phone(written: str) -> str:
    phone = normal_phone(text(written, "phone", longest=32))
    if phone is None:
        raise Invalid(
            "not_a_phone_number",
            "phone is not a mainland phone number",
            "phone 不是有效的境内电话号码",
            field="phone",
        )
    return phone


def read_identity(written: str) -> IdentityNumber:
    try:
        return read_identity_number(text(written, "identity_number", longest=32))
    except NotAnIdentityNumber as error:
        en, zh = FLAWS[error.flaw]
        raise Invalid(
            f"identity_{error.flaw}", en, zh, rule="AML-01", field="identity_number"
        ) from None


def read_facts(facts: CustomerFacts) -> Facts:
    return Facts(
        born_on=read_day(facts.born_on, "born_on"),
        kind=choice(LegalKind, facts.kind, "kind") if facts.kind else None,
        **{name: read_amount(getattr(facts, name), name) for name in AMOUNTS},
        investing_years=read_years(facts.investing_years, "investing_years"),
        relevant_work_years=read_years(facts.relevant_work_years, "relevant_work_years"),
        capacity=choice(Capacity, facts.capacity, "capacity") if facts.capacity else None,
        guardian_consent=read_flag(facts.guardian_consent, "guardian_consent"),
        information_refused=read_flag(facts.information_refused, "information_refused"),
        as_of=read_day(facts.as_of, "as_of"),
        source=choice(FactsSource, facts.source, "source") if facts.source else None,
    )


def read_amount(written: str, field: str) -> Decimal | None:
    if not written:
        return None
    amount = storable(written, field)
    cents = amount.quantize(Decimal("0.01"))
    if amount < 0 or amount != cents:
        raise Invalid(
            "not_an_amount",
            f"{field} must not be negative and is in whole cents",
            f"{field} 不能为负且精确到分",
            field=field,
        )
    return cents


def read_day(written: str, field: str) -> date | None:
    if not written:
        return None
    on = day(written, field)
    if on.year not in LIFETIMES:
        raise Invalid(
            "out_of_range",
            f"{field} must be from {LIFETIMES[0]} to {LIFETIMES[-1]}",
            f"{field} 须在 {LIFETIMES[0]} 至 {LIFETIMES[-1]} 年之间",
            field=field,
        )
    return on


def read_years(written: str, field: str) -> int | None:
    if not written:
        return None
    if not written.isascii() or not written.isdigit() or int(written[:4]) > LONGEST_YEARS:
        raise Invalid(
            "out_of_range",
            f"{field} must be a whole number between 0 and {LONGEST_YEARS}",
            f"{field} 必须是 0 到 {LONGEST_YEARS} 之间的整数",
            field=field,
        )
    return int(written)


def read_flag(written: str, field: str) -> bool | None:
    if written not in ("", "true", "false"):
        raise Invalid(
            "not_a_choice",
            f"{field} must be true or false",
            f"{field} 只能是 true 或 false",
            field=field,
        )
    return None if not written else written == "true"


def read_member(staff: pb.Staff) -> Member:
    return Member(
        staff_id=identifier(staff.staff_id, "staff_id"),
        name=text(staff.name, "name", longest=100),
        roles=tuple(identifier(role, "roles") for role in staff.roles),
        team_id=identifier(staff.team_id, "team_id") if staff.team_id else "",
        team_name=optional_text(staff.team_name, "team_name"),
        branch_id=identifier(staff.branch_id, "branch_id") if staff.branch_id else "",
        branch_name=optional_text(staff.branch_name, "branch_name"),
        active=staff.active,
    )


def facts_source(caller: Caller) -> FactsSource:
    """The client through their own app, or else the member of staff who writes it down."""
    return FactsSource.CLIENT if "client_channel" in caller.roles else FactsSource.ADVISER

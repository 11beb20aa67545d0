"""Every field has a class, and what is personal is classed alike wherever it appears."""

import pytest

from gateway.data_classes import KEY, carries, load
from tests.gateway.conformity import DOCUMENTED

SCHEMAS = DOCUMENTED["components"]["schemas"]
CLASSES = load()

# A client's own, whatever schema shows or takes them.
PERSONAL = {
    "identity_number",
    "phone",
    "wechat",
    "address",
    "born_on",
    "occupation",
    "financial_assets",
    "household_annual_income",
    "average_income_3y",
    "payment_reference",
    "market_value",
    "beneficial_owner",
    "receipt_json",
    "note",
}


def test_every_schema_says_how_sensitive_its_fields_are() -> None:
    told = {name for name, schema in SCHEMAS.items() if carries(schema)}

    assert told == CLASSES.keys()


def test_only_fields_that_exist_are_classed() -> None:
    strange = [
        f"{schema}.{field}"
        for schema, fields in CLASSES.items()
        for field in fields
        if field not in SCHEMAS[schema]["properties"]
    ]

    assert strange == []


@pytest.mark.parametrize("field", sorted(PERSONAL))
def test_what_is_personal_is_classed_wherever_it_appears(field: str) -> None:
    places = [name for name in SCHEMAS if field in SCHEMAS[name].get("properties", {})]

    assert places
    assert {SCHEMAS[name]["properties"][field].get(KEY) for name in places} == {"C2"}


def test_pictures_and_voices_are_in_the_highest_class() -> None:
    assert SCHEMAS["Playback"]["properties"]["url"][KEY] == "C3"
    assert SCHEMAS["PartUpload"]["properties"]["url"][KEY] == "C3"


def test_only_known_classes_are_used() -> None:
    assert {level for fields in CLASSES.values() for level in fields.values()} == {"C2", "C3"}

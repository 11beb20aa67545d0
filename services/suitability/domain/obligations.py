"""When several rules oblige to the same thing, the strictest of their terms counts."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from services.suitability.domain.values import written


def merged(
    obligations: Iterable[tuple[str, str, Mapping[str, object]]],
) -> dict[str, dict[str, object]]:
    """From (rule, name, parameters) to parameters by name, with the rules that oblige."""
    result: dict[str, dict[str, object]] = {}
    for rule_id, name, parameters in obligations:
        terms = result.setdefault(name, {"rules": []})
        for key, value in [*parameters.items(), ("rules", [rule_id])]:
            terms[key] = stricter(terms[key], value) if key in terms else value
    return {
        name: {key: written(value) for key, value in terms.items()}
        for name, terms in result.items()
    }


def stricter(one: object, other: object) -> object:
    """Either flag, the larger number, both lists; of two words the one said first."""
    if isinstance(one, bool) and isinstance(other, bool):
        return one or other
    if isinstance(one, int | Decimal) and isinstance(other, int | Decimal):
        return max(one, other)
    if isinstance(one, list) and isinstance(other, list):
        return list(dict.fromkeys([*one, *other]))
    return one


def in_words(value: object) -> str:
    """As a map of texts carries a parameter: lists by commas, flags as true and false."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(in_words(item) for item in value)
    return "" if value is None else str(value)


def parameters_in_words(terms: Mapping[str, object]) -> dict[str, str]:
    return {name: in_words(value) for name, value in terms.items() if name != "rules"}


def first_rule(terms: Mapping[str, object]) -> str:
    """The rule that obliges first; the others are in the receipt."""
    rules = terms["rules"]
    return str(rules[0]) if isinstance(rules, list) else ""

"""What is to be decided: one sale, as its facts were at a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from chassis.errors import Fault, Invalid
from services.suitability.domain.calendar import age_on, months_begun, months_later
from services.suitability.domain.catalogue import GIVEN, SECTIONS, Fact
from services.suitability.domain.truth import Missing
from services.suitability.domain.values import CALENDAR, Level, Unreadable, written

DEFAULTS = {name: fact.default for name, fact in GIVEN.items() if fact.default is not None}
MOST_TOLD = 5
SECTION_AND_KEY = {name: tuple(name.split(".")) for name in GIVEN}


class UnreadableSale(Invalid):
    """*faults* are everything that is wrong with the input; its sentence tells the first few."""

    def __init__(self, faults: list[Fault]) -> None:
        told, more = faults[:MOST_TOLD], len(faults) - MOST_TOLD
        super().__init__(
            "unreadable_input",
            "; ".join(f"{one.field} {one.en}" for one in told)
            + (f"; and {more} more" if more > 0 else ""),
            "；".join(f"{one.field} {one.zh}" for one in told)
            + (f"；另有 {more} 处" if more > 0 else ""),
            field=faults[0].field,
        )
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Sale:
    at: datetime
    given: Mapping[str, object]

    def on(self, zone: ZoneInfo) -> date:
        """The day of the decision where the institution is."""
        return self.at.astimezone(zone).date()

    @property
    def effective_level(self) -> str | None:
        """The higher of the issuer's and the seller's rating (S1 Art 22, PRD-01)."""
        known = [level for level in self._levels() if level is not None]
        return str(max(known)) if known else None

    @property
    def last_assessed_on(self) -> date | None:
        days = self.given.get("customer.assessed_on")
        return days[-1] if isinstance(days, tuple) and days else None

    def facts(self, on: date, *, window_months: int) -> dict[str, object]:
        """Given facts, defaults and what follows from them, by name."""
        return {**DEFAULTS, **self.given, **self.derived(on, window_months=window_months)}

    def derived(self, on: date, *, window_months: int) -> dict[str, object]:
        """What follows from the given facts on a day."""
        issuer, seller = self._levels()
        facts = {**self._assessment(window_months), **self._dates(on), "sale.on": on}
        if issuer is not None and seller is not None:
            facts["product.level"] = max(issuer, seller)
        return facts

    @cached_property
    def written(self) -> Mapping[str, object]:
        """The given facts in the one way equal facts are written."""
        return {name: written(value) for name, value in self.given.items()}

    def document(self) -> dict[str, object]:
        """The input again, in the one way equal facts are written."""
        sections: dict[str, dict[str, object]] = {name: {} for name in SECTIONS}
        for name, value in self.written.items():
            section, key = SECTION_AND_KEY[name]
            sections[section][key] = value
        insurance = sections.pop("insurance")
        if insurance:
            sections["product"]["insurance"] = insurance
        return {"at": self.written_at, **sections}

    @property
    def written_at(self) -> str:
        return self.at.astimezone(UTC).isoformat()

    def _levels(self) -> tuple[Level | None, Level | None]:
        issuer, seller = (self.given.get(f"product.{by}_level") for by in ("issuer", "seller"))
        return (
            issuer if isinstance(issuer, Level) else None,
            seller if isinstance(seller, Level) else None,
        )

    def _dates(self, on: date) -> dict[str, object]:
        born_on = self.given.get("customer.born_on")
        age = age_on(born_on, on) if isinstance(born_on, date) else Missing.of("born_on")
        last_on = self.last_assessed_on
        begun = months_begun(last_on, on) if last_on else Missing.of("reassessment")
        return {"customer.age": age, "assessment.months_begun": begun}

    def _assessment(self, window_months: int) -> dict[str, object]:
        days = self.given.get("customer.assessed_on")
        if not isinstance(days, tuple):
            unknown = Missing.of("assessed_on")
            names = ("count", "last_on", "on_last_day", "in_window")
            return {f"assessment.{name}": unknown for name in names}
        last_on = days[-1] if days else Missing.of("reassessment")
        return {
            "assessment.count": len(days),
            "assessment.last_on": last_on,
            "assessment.on_last_day": days.count(last_on),
            "assessment.in_window": sum(
                months_later(day, window_months) >= days[-1] for day in days
            ),
        }


def read_sale(document: object) -> Sale:
    """Raise UnreadableSale naming every field that cannot be read."""
    problems: list[Fault] = []
    root = _object(document, "input", problems)
    at = _moment(root.get("at"), problems)
    given: dict[str, object] = {}
    for section, facts in SECTIONS.items():
        given |= _facts(_section(root, section, problems), facts, problems)
    if problems or at is None:
        raise UnreadableSale(problems)
    return Sale(at, given)


def _section(
    root: Mapping[str, object], section: str, problems: list[Fault]
) -> Mapping[str, object]:
    if section == "insurance":
        product = root.get("product")
        terms = product.get("insurance") if isinstance(product, dict) else None
        return {} if terms is None else _object(terms, "product.insurance", problems)
    return _object(root.get(section), section, problems)


def _object(raw: object, field: str, problems: list[Fault]) -> Mapping[str, object]:
    if isinstance(raw, dict):
        return raw
    problems.append(Fault(field, "must be a JSON object", "必须是 JSON 对象"))
    return {}


def _facts(
    raw: Mapping[str, object], facts: tuple[Fact, ...], problems: list[Fault]
) -> dict[str, object]:
    given: dict[str, object] = {}
    for fact in facts:
        value = raw.get(fact.key)
        if value is None:
            continue
        try:
            given[fact.name] = fact.kind.read(value)
        except Unreadable as error:
            problems.append(Fault(fact.name, error.en, error.zh))
    return given


def _moment(raw: object, problems: list[Fault]) -> datetime | None:
    try:
        moment = datetime.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        moment = None
    if moment is not None and moment.tzinfo is not None and moment.year in CALENDAR:
        return moment.astimezone(UTC)
    problems.append(
        Fault(
            "at",
            "must be a moment with its offset, such as 2026-11-01T10:00:00+08:00",
            "必须是带时区的时间，例如 2026-11-01T10:00:00+08:00",
        )
    )
    return None

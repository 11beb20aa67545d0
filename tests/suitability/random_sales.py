"""Clients, products, requests and rule packs as chance has them, near the borders of the rules."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from services.suitability.domain.catalogue import DERIVED, KINDS, SECTIONS, Fact
from services.suitability.domain.pack import Pack
from services.suitability.domain.pack_document import PackDocument
from services.suitability.domain.values import Kind

Document = dict[str, object]

ON = date(2026, 11, 23)
AMOUNTS = (300000, 400000, 500000, 1000000, 3000000, 5000000, 10000000, 20000000)
YEARS = (0, 1, 1.5, 2, 3, 4.25, 10)
AGES = (7, 8, 15, 16, 17, 18, 40, 59, 60, 64, 65, 66, 90)
PERIODS = (0, 1, 100, 364, 365, 366, 700, 1095, 1096, -1)
PARAMETERS: Document = {
    "assessments_per_day": 2,
    "assessments_per_window": 3,
    "assessment_window_months": 6,
    "assessment_valid_months": 12,
    "decision_valid_days": 30,
    "on": True,
    "less": -2,
    "times": "1.5",
    "many": 2,
    "levels_c": ["C2", "C4"],
    "levels_r": ["R1", "R5"],
    "regimes": ["NFRA"],
}


class Chance:
    """All that one seed makes."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def sale(self, *sections: str) -> Document:
        """Facts of these sections; the others are empty."""
        said = {name: self.facts(SECTIONS[name]) if name in sections else {} for name in SECTIONS}
        insurance = said.pop("insurance")
        if "product" in sections and self.random.random() < 0.4:
            said["product"] |= {"insurance": self.facts(SECTIONS["insurance"])}
            said["product"] |= {"kind": "insurance"} if self.random.random() < 0.8 else {}
        return {"at": f"{ON}T10:00:00+08:00", **said, **({"": insurance} if insurance else {})}

    def facts(self, of: Sequence[Fact]) -> Document:
        known = 0.5 + self.random.random() / 2
        return {
            fact.key: self.value(fact.name, fact.kind)
            for fact in of
            if self.random.random() < known and (fact.default is None or self.random.random() < 0.3)
        }

    def value(self, name: str, kind: Kind) -> object:
        random = self.random
        match kind.name:
            case "amount":
                return self.amount()
            case "number":
                whole = name.endswith(("grade", "count", "hours"))
                return random.choice((0, 1, 2, 3, 199, 200)) if whole else random.choice(YEARS)
            case "flag":
                return random.random() < 0.5
            case "day":
                born = ON.replace(year=ON.year - random.choice(AGES))
                return (born + timedelta(random.choice((-1, 0, 1)))).isoformat()
            case "days":
                days = random.choices(PERIODS, k=random.choice((0, 1, 1, 2, 9)))
                return [(ON - timedelta(day)).isoformat() for day in days]
            case "choices":
                return random.sample(kind.choices, random.randint(0, len(kind.choices)))
        return random.choice(kind.choices)

    def amount(self) -> str:
        random = self.random
        cents = random.choice(AMOUNTS) * 100 + random.choice((-1, 0, 0, 1))
        part = random.choice(("", "", "", "", "5", "000001"))
        return f"{cents // 100}.{cents % 100:02}{part}"

    def pack(self) -> Pack:
        """Some definitions and rules; each condition may read what was defined before it."""
        names = dict(KINDS)
        definitions = {}
        for place in range(6):
            definitions[f"d{place}"] = self.condition(names)
            names[f"sale.d{place}"] = KINDS["request.nominee"]
        rules = [self.rule(place, names) for place in range(14)]
        head = {
            "version": "chance",
            "effective_from": date(2026, 1, 1),
            "sections": ["all"],
            "parameters": PARAMETERS,
            "regulations": {"S": {"zh": "法", "en": "law", "in_force_from": date(2026, 1, 1)}},
        }
        return PackDocument(head, {"all": {"definitions": definitions, "rule": rules}}).read()

    def rule(self, place: int, names: dict[str, Kind]) -> Document:
        random = self.random
        concluded = {"sale.regime": ("NFRA", "CSRC"), "sale.customer_class": DERIVED_CLASSES}
        rule: Document = {"id": f"X-{place}", "regulation": "S", "article": "1", "status": "read"}
        rule |= {"zh": "句", "en": "said", "scope": self.condition(names)}
        if random.random() < 0.3:
            name = random.choice(list(concluded))
            return rule | {"concludes": {name: random.choice(concluded[name])}}
        clauses = [
            {"when": self.condition(names), "verdict": random.choice(("ALLOW", "REQUIRE", "BLOCK"))}
            for _ in range(random.randint(0, 3))
        ]
        return rule | ({"clause": clauses} if clauses else {})

    def condition(self, names: dict[str, Kind], depth: int = 0) -> str:
        random = self.random
        if depth < 2 and random.random() < 0.6:
            word = random.choice((" and ", " or "))
            parts = [self.condition(names, depth + 1) for _ in range(random.randint(2, 3))]
            return f"({word.join(parts)})"
        if random.random() < 0.2:
            return f"(not {self.condition(names, depth + 1)})"
        name = random.choice([name for name in names if self.interesting(name)])
        return self.comparison(name, names[name], names)

    def interesting(self, name: str) -> bool:
        client = name.startswith(("customer.", "assessment.", "sale."))
        return self.random.random() < (0.9 if client else 0.2)

    def comparison(self, name: str, kind: Kind, names: dict[str, Kind]) -> str:
        random = self.random
        order = random.choice(("<", "<=", ">", ">=", "==", "!="))
        if random.random() < 0.1:
            return f"({name} is {random.choice(('', 'not '))}None)"
        alike = [other for other, its in names.items() if its.name == kind.name]
        match kind.name:
            case "flag":
                other = random.choice([*alike, "parameter.on", "True"])
                return random.choice((name, name, f"({name} == {other})", f"({name} is None)"))
            case "amount" | "number":
                return f"({self.sum(name, kind, alike)} {order} {self.number(kind)})"
            case "day":
                return f"({name} {order} {random.choice(alike)})"
            case "days":
                return f"({name} is None)"
            case "choices":
                return f"({random.choice(kind.choices)!r} in {name})"
            case "level":
                letter = kind.choices[0][0].lower()
                other = random.choice([*alike, repr(random.choice(kind.choices))])
                some = f"({name} in parameter.levels_{letter})"
                return random.choice((f"({name} {order} {other})", some))
        other = random.choice([repr(random.choice(kind.choices)), *alike[:3]])
        listed = [random.choice(kind.choices) for _ in range(2)]
        return random.choice((f"({name} == {other})", f"({name} not in {listed})"))

    def sum(self, name: str, kind: Kind, alike: list[str]) -> str:
        random = self.random
        factors = ["parameter.many", "2", "0", "parameter.less"]
        factors += ["parameter.times"] if kind.name == "amount" else []
        return random.choice(
            (
                name,
                name,
                f"{name} * {random.choice(factors)}",
                f"{name} + {random.choice(alike)}",
                f"{name} * parameter.many + {random.choice(factors)}",
            )
        )

    def number(self, kind: Kind) -> str:
        few = (0, 1, 2, 3, 7, 12, 18, 65)
        return str(self.random.choice(AMOUNTS if kind.name == "amount" else few))


DERIVED_CLASSES = DERIVED["sale.customer_class"].choices

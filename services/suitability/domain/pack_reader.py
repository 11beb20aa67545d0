"""From the documents of a rule pack to a pack whose every condition has been checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from services.suitability.domain.catalogue import GIVEN, KINDS
from services.suitability.domain.digest import digest
from services.suitability.domain.expression import (
    Expression,
    PackError,
    Vocabulary,
    compile_condition,
    compile_expression,
    parameter,
)
from services.suitability.domain.pack import (
    SHIPPED_OFF,
    Clause,
    Definition,
    ObligationTerms,
    Pack,
    Regulation,
    Rule,
    Sentence,
    Status,
    Verdict,
)
from services.suitability.domain.values import FLAG, Kind, written

Document = Mapping[str, object]
LABELS = {name: fact.label for name, fact in GIVEN.items()}


def read_pack(head: Document, sections: Mapping[str, Document]) -> Pack:
    """*head* says version, dates, parameters and the order of the *sections*."""
    order = cast("list[str]", head["sections"])
    reader = PackReader(
        regulations=_regulations(cast("Mapping[str, Document]", head["regulations"])),
        parameters={
            name: parameter(value) for name, value in cast("Document", head["parameters"]).items()
        },
    )
    steps = [step for name in order for step in reader.section(sections[name])]
    _no_rule_twice(step.id for step in steps if isinstance(step, Rule))
    return Pack(
        version=str(head["version"]),
        effective_from=cast("date", head["effective_from"]),
        parameters=reader.parameters,
        steps=tuple(steps),
        digest=digest(_jsonable([head, [sections[name] for name in order]])),
    )


@dataclass
class PackReader:
    regulations: Mapping[str, Regulation]
    parameters: Mapping[str, object]
    kinds: dict[str, Kind] = field(default_factory=lambda: dict(KINDS))
    definitions: dict[str, Expression] = field(default_factory=dict)

    def section(self, document: Document) -> list[Definition | Rule]:
        definitions = cast("Mapping[str, str]", document.get("definitions", {}))
        rules = cast("list[Document]", document.get("rule", []))
        return [
            *(self.definition(name, text) for name, text in definitions.items()),
            *(self.rule(rule) for rule in rules),
        ]

    def definition(self, name: str, text: str) -> Definition:
        full = f"sale.{name}"
        if full in self.kinds:
            raise PackError(f"{full!r} is defined twice")
        condition = self.condition(text)
        self.kinds[full] = FLAG
        self.definitions[full] = condition
        return Definition(full, condition)

    def rule(self, document: Document) -> Rule:
        try:
            return self._rule(document)
        except (KeyError, ValueError) as error:
            raise PackError(f"rule {document.get('id')}: {error}") from error

    def _rule(self, document: Document) -> Rule:
        regulation = self.regulations[str(document["regulation"])]
        status = Status(str(document["status"]))
        sentence = self.sentence(document)
        scope = self.condition(str(document["scope"]))
        clauses = tuple(
            self.clause(clause, sentence)
            for clause in cast("list[Document]", document.get("clause", []))
        )
        return Rule(
            id=str(document["id"]),
            regulation=regulation,
            article=str(document["article"]),
            status=status,
            enabled=bool(document.get("enabled", status not in SHIPPED_OFF)),
            in_force_from=cast("date", document.get("in_force_from", regulation.in_force_from)),
            scope=scope,
            sentence=sentence,
            clauses=clauses,
            reads=self.reads([scope, *(clause.when for clause in clauses)]),
            concludes=self.conclusion(cast("Document | None", document.get("concludes"))),
            assessment_holds_months=self.months(document.get("assessment_holds_months")),
        )

    def clause(self, document: Document, default: Sentence) -> Clause:
        return Clause(
            when=self.condition(str(document.get("when", "True"))),
            verdict=Verdict(str(document.get("verdict", Verdict.ALLOW))),
            sentence=self.sentence(document) if "zh" in document else default,
            requires=tuple(cast("list[str]", document.get("requires", []))),
            obligation=self.obligation(cast("Document | None", document.get("obligation"))),
        )

    def obligation(self, document: Document | None) -> ObligationTerms | None:
        if document is None:
            return None
        parameters = {
            key: self.expression(value[1:])
            if isinstance(value, str) and value.startswith("=")
            else value
            for key, value in document.items()
            if key != "name"
        }
        return ObligationTerms(str(document["name"]), parameters)

    def conclusion(self, document: Document | None) -> tuple[str, object] | None:
        if document is None:
            return None
        ((name, value),) = document.items()
        if value not in self.kinds[name].choices:
            raise PackError(f"{value!r} is no value of {name!r}")
        return name, value

    def months(self, name: object) -> int | None:
        return None if name is None else cast("int", self.parameters[str(name)])

    def condition(self, text: str) -> Expression:
        return compile_condition(text, self._vocabulary)

    def expression(self, text: str) -> Expression:
        return compile_expression(text, self._vocabulary)

    @property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self.kinds, LABELS, self.parameters)

    def reads(self, conditions: list[Expression]) -> tuple[str, ...]:
        """The facts behind the conditions, with definitions resolved to what they read."""
        names: dict[str, None] = {}
        for condition in conditions:
            for name in condition.names:
                definition = self.definitions.get(name)
                names |= dict.fromkeys(self.reads([definition]) if definition else [name])
        return tuple(names)

    def sentence(self, document: Document) -> Sentence:
        shown = {name: written(value) for name, value in self.parameters.items()}
        return Sentence(
            str(document["zh"]).format_map(shown), str(document["en"]).format_map(shown)
        )


def _regulations(documents: Mapping[str, Document]) -> dict[str, Regulation]:
    return {
        key: Regulation(
            str(document["zh"]), str(document["en"]), cast("date", document["in_force_from"])
        )
        for key, document in documents.items()
    }


def _no_rule_twice(ids: object) -> None:
    seen: set[str] = set()
    for rule_id in cast("list[str]", ids):
        if rule_id in seen:
            raise PackError(f"rule {rule_id} is in the pack twice")
        seen.add(rule_id)


def _jsonable(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _jsonable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_jsonable(item) for item in value]
    return written(value)

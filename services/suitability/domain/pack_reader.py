"""From the documents of a rule pack to a pack whose every condition has been checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeGuard, cast

from services.suitability.domain.catalogue import GIVEN, KINDS
from services.suitability.domain.condition_types import Typing, refuse_unreasonable
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
from services.suitability.domain.pack_parts import refuse_wrong_places
from services.suitability.domain.pack_problems import Problems
from services.suitability.domain.pack_shape import Shape
from services.suitability.domain.values import FLAG, Kind, written

Document = Mapping[str, object]
LABELS = {name: fact.label for name, fact in GIVEN.items()}
MOST_MONTHS = 120
NEVER = compile_condition("False", Vocabulary({}, {}, {}))  # in place of what cannot be read


def read_pack(head: Document, sections: Mapping[str, Document], *, released: bool = False) -> Pack:
    """*head* says version, dates, parameters and the order of the *sections*.

    Raise UnreadablePack with everything that is wrong with any of them. Of a pack that was
    *released* only what cannot be read at all is wrong.
    """
    problems = Problems()
    if not released:
        Shape(problems).check(head, sections)
        problems.refuse()
    order = cast("list[str]", head["sections"])
    reader = PackReader(
        regulations=_regulations(cast("Mapping[str, Document]", head["regulations"])),
        parameters={
            name: parameter(value) for name, value in cast("Document", head["parameters"]).items()
        },
        problems=problems,
        released=released,
    )
    steps = [step for name in order for step in reader.section(name, sections[name])]
    problems.refuse()
    return Pack(
        version=str(head["version"]),
        effective_from=day_of(head["effective_from"]),
        parameters=reader.parameters,
        steps=tuple(steps),
        digest=digest_of(head, sections),
        switched_on=frozenset(step.id for step in steps if _switched_on(step)),
    )


def _switched_on(step: Definition | Rule) -> TypeGuard[Rule]:
    """Rules that are off unless somebody says otherwise, where the pack says otherwise."""
    return isinstance(step, Rule) and step.enabled and step.status in SHIPPED_OFF


@dataclass
class PackReader:
    """What is wrong with a rule is noted, and reading goes on with the next."""

    regulations: Mapping[str, Regulation]
    parameters: Mapping[str, object]
    problems: Problems
    released: bool = False
    kinds: dict[str, Kind] = field(default_factory=lambda: dict(KINDS))
    definitions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)

    def section(self, name: str, document: Document) -> list[Definition | Rule]:
        definitions = cast("Mapping[str, str]", document.get("definitions", {}))
        rules = cast("list[Document]", document.get("rule", []))
        read: list[Definition | Rule] = [
            self.definition(key, text, f"{name}.definitions.{key}")
            for key, text in definitions.items()
        ]
        for rule in rules:
            with self.problems.at(f"{name}.{rule['id']}"):
                read.append(self.rule(rule, f"{name}.{rule['id']}"))
        return read

    def definition(self, name: str, text: str, where: str) -> Definition:
        full = f"sale.{name}"
        if full in self.kinds:
            self.problems.add(where, f"{full!r} is defined twice", f"{full!r} 重复定义")
        condition = self.condition(text, where)
        self.kinds[full] = FLAG
        self.definitions[full] = self.reads([condition])
        return Definition(full, condition)

    def rule(self, document: Document, where: str) -> Rule:
        regulation = self.regulation(str(document["regulation"]))
        status = Status(str(document["status"]))
        sentence = self.sentence(document, where)
        scope = self.condition(str(document["scope"]), f"{where}.scope")
        clauses = tuple(
            self.clause(clause, sentence, f"{where}.clause[{number}]")
            for number, clause in enumerate(cast("list[Document]", document.get("clause", [])))
        )
        return Rule(
            id=self.new_id(str(document["id"])),
            regulation=regulation,
            article=str(document["article"]),
            status=status,
            enabled=bool(document.get("enabled", status not in SHIPPED_OFF)),
            in_force_from=day_of(document.get("in_force_from", regulation.in_force_from)),
            scope=scope,
            sentence=sentence,
            clauses=clauses,
            reads=self.reads([scope, *(clause.when for clause in clauses)]),
            concludes=self.conclusion(cast("Document | None", document.get("concludes"))),
            assessment_holds_months=self.months(document.get("assessment_holds_months")),
        )

    def regulation(self, key: str) -> Regulation:
        if key not in self.regulations:
            raise PackError(f"regulation {key} is not in the pack", f"规则包没有法规 {key}")
        return self.regulations[key]

    def new_id(self, rule_id: str) -> str:
        if rule_id in self.ids:
            raise PackError(f"rule {rule_id} is in the pack twice", f"规则 {rule_id} 重复")
        self.ids.add(rule_id)
        return rule_id

    def clause(self, document: Document, default: Sentence, where: str) -> Clause:
        return Clause(
            when=self.condition(str(document.get("when", "True")), f"{where}.when"),
            verdict=Verdict(str(document.get("verdict", Verdict.ALLOW))),
            sentence=self.sentence(document, where) if "zh" in document else default,
            requires=tuple(cast("list[str]", document.get("requires", []))),
            obligation=self.obligation(cast("Document | None", document.get("obligation")), where),
        )

    def obligation(self, document: Document | None, where: str) -> ObligationTerms | None:
        if document is None:
            return None
        parameters = {
            key: self.expression(value[1:], f"{where}.obligation.{key}")
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
        return name, value

    def months(self, name: object) -> int | None:
        if name is None:
            return None
        months = self.parameters.get(str(name))
        if isinstance(months, bool) or not isinstance(months, int) or not 0 < months <= MOST_MONTHS:
            raise PackError(
                f"assessment_holds_months: parameter {name} is no number of months",
                f"assessment_holds_months：参数 {name} 不是月数",
            )
        return months

    def condition(self, text: str, where: str) -> Expression:
        return self.problems.tried(where, lambda: self._condition(text), NEVER)

    def _condition(self, text: str) -> Expression:
        if self.released:
            return compile_condition(text, self._vocabulary)
        refuse_unreasonable(text)
        compiled = compile_condition(text, self._vocabulary)
        self._typing.check_condition(compiled.tree)
        return compiled

    def expression(self, text: str, where: str) -> Expression:
        return self.problems.tried(where, lambda: self._expression(text, where), NEVER)

    def _expression(self, text: str, where: str) -> Expression:
        if self.released:
            return compile_expression(text, self._vocabulary)
        refuse_unreasonable(text)
        compiled = compile_expression(text, self._vocabulary)
        found = self._typing.of(compiled.tree)
        if where.endswith((".hours", ".days")) and found.name not in ("whole", "number"):
            raise PackError("a length must be a whole number", "时长必须是整数")
        return compiled

    @property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self.kinds, LABELS, self.parameters)

    @property
    def _typing(self) -> Typing:
        return Typing(self.kinds, self.parameters)

    def reads(self, conditions: list[Expression]) -> tuple[str, ...]:
        """The facts behind the conditions, with definitions resolved to what they read."""
        names: dict[str, None] = {}
        for condition in conditions:
            for name in condition.names:
                names |= dict.fromkeys(self.definitions.get(name, [name]))
        return tuple(names)

    def sentence(self, document: Document, where: str) -> Sentence:
        shown = {name: written(value) for name, value in self.parameters.items()}
        for language in ("zh", "en"):
            with self.problems.at(f"{where}.{language}"):
                refuse_wrong_places(str(document[language]), self.parameters)
        if self.problems.found:
            return Sentence(str(document["zh"]), str(document["en"]))
        return Sentence(
            str(document["zh"]).format_map(shown), str(document["en"]).format_map(shown)
        )


def _regulations(documents: Mapping[str, Document]) -> dict[str, Regulation]:
    return {
        key: Regulation(str(document["zh"]), str(document["en"]), day_of(document["in_force_from"]))
        for key, document in documents.items()
    }


def day_of(value: object) -> date:
    """Documents that were kept as JSON have their days as text."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def digest_of(head: Document, sections: Mapping[str, Document]) -> str:
    order = cast("list[str]", head["sections"])
    return digest(jsonable([head, [sections[name] for name in order]]))


def jsonable(value: object) -> object:
    """As a document is digested and kept: days and decimals as text."""
    if isinstance(value, Mapping):
        return {key: jsonable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [jsonable(item) for item in value]
    return written(value)

"""Reads a questionnaire as it is written down, or says everything that is wrong with it.

One that is `based_on` another takes over what it does not say itself, and may give the other's
parameters other values: an institution tunes the standard questionnaire without copying it.
"""

from collections.abc import Mapping
from datetime import date
from string import Formatter
from typing import Any, cast

from services.suitability.domain.pack_problems import PackProblem, Problems
from services.suitability.domain.questionnaire import Answer, Band, Question, Questionnaire
from services.suitability.domain.questionnaire_checks import check
from services.suitability.domain.questionnaire_problems import UnreadableQuestionnaire
from services.suitability.domain.questionnaire_shape import Shape

Document = Mapping[str, object]
LANGUAGES = ("zh", "en")
ITS_OWN = ("version", "effective_from", "based_on")


def read_questionnaire(
    document: Document, known: Mapping[str, Document] | None = None
) -> Questionnaire:
    """*known* are documents that it may be based on, by version. Raise UnreadableQuestionnaire."""
    problems = Problems()
    whole = resting_on(document, known or {}, problems)
    Shape(problems).check(whole)
    _refuse(problems.found)
    questionnaire = _read(whole, problems)
    check(questionnaire, problems)
    _refuse(problems.found)
    return questionnaire


def resting_on(
    document: Document, known: Mapping[str, Document], problems: Problems, depth: int = 0
) -> Document:
    version = document.get("based_on")
    if version is None:
        return document
    base = known.get(version) if isinstance(version, str) else None
    if base is None or base is document or depth > len(known):
        problems.add(
            "based_on",
            f"{version} is no other questionnaire that is known here",
            f"没有可作为基础的问卷 {version}",
        )
        return document
    under = resting_on(base, known, problems, depth + 1)
    taken = {name: value for name, value in under.items() if name not in ITS_OWN}
    tuned = {**_parameters(under), **_parameters(document)}
    return {**taken, **document, "parameters": tuned}


def _parameters(document: Document) -> Mapping[str, object]:
    given = document.get("parameters", {})
    return cast("Mapping[str, object]", given) if isinstance(given, dict) else {}


class Sentences:
    """Fills the places of sentences with parameters, and sees which were wanted."""

    def __init__(self, parameters: Mapping[str, object], problems: Problems) -> None:
        self._parameters = parameters
        self._problems = problems
        self.wanted: set[str] = set()

    def of(self, where: str, document: Document) -> dict[str, str]:
        return {
            language: self._filled(f"{where}.{language}", str(document[language]), language)
            for language in LANGUAGES
        }

    def _filled(self, where: str, text: str, language: str) -> str:
        try:
            places = [place[1:] for place in Formatter().parse(text) if place[1] is not None]
        except ValueError:
            self._problems.add(where, "a brace is not closed", "花括号不成对")
            return text
        unknown = [
            name
            for name, form, conversion in places
            if name not in self._parameters or form or conversion
        ]
        for name in unknown:
            self._problems.add(where, f"{{{name}}} is no parameter", f"{{{name}}} 不是参数")
        self.wanted.update(str(name) for name, _, _ in places)
        return text if unknown else text.format_map(self._in(language))

    def _in(self, language: str) -> dict[str, object]:
        return {
            name: value[language] if isinstance(value, dict) else value
            for name, value in self._parameters.items()
        }


def _read(document: Document, problems: Problems) -> Questionnaire:
    parameters = _parameters(document)
    sentences = Sentences(parameters, problems)
    questions = tuple(
        _question(each, sentences) for each in cast("list[Document]", document["question"])
    )
    for name in sorted(parameters.keys() - sentences.wanted):
        problems.add(f"parameters.{name}", "no sentence says it", "没有语句使用该参数")
    return Questionnaire(
        id=str(document["id"]),
        version=str(document["version"]),
        audience=str(document["audience"]),
        effective_from=_day(document["effective_from"]),
        questions=questions,
        bands=tuple(map(_band, cast("list[Document]", document["band"]))),
    )


def _question(document: Document, sentences: Sentences) -> Question:
    where = f"question.{document['id']}"
    answers = tuple(
        Answer(
            id=str(each["id"]),
            score=cast("int", each["score"]),
            knock_out=bool(each.get("knock_out", False)),
            **sentences.of(f"{where}.answer.{each['id']}", each),
        )
        for each in cast("list[Document]", document["answer"])
    )
    return Question(
        id=str(document["id"]),
        answers=answers,
        covers=tuple(cast("list[str]", document["covers"])),
        **sentences.of(where, document),
    )


def _band(document: Document) -> Band:
    return Band(str(document["level"]), str(document["zh"]), cast("int", document["from_score"]))


def _day(given: object) -> date:
    return given if isinstance(given, date) else date.fromisoformat(str(given))


def _refuse(found: list[PackProblem]) -> None:
    if found:
        raise UnreadableQuestionnaire(found)


def read_kept(document: Mapping[str, Any]) -> Questionnaire:
    """As it was when it was answered first."""
    return Questionnaire(
        id=document["id"],
        version=document["version"],
        audience=document["audience"],
        effective_from=date.fromisoformat(document["effective_from"]),
        bands=tuple(Band(**band) for band in document["bands"]),
        questions=tuple(
            Question(
                id=question["id"],
                zh=question["zh"],
                en=question["en"],
                answers=tuple(Answer(**answer) for answer in question["answers"]),
                covers=tuple(question["covers"]),
            )
            for question in document["questions"]
        ),
    )

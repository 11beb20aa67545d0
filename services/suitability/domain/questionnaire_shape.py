"""The shape of a questionnaire's document: which keys there are, and what may stand behind each."""

from collections.abc import Iterator, Mapping
from typing import cast

from services.suitability.domain.pack_parts import (
    Check,
    day,
    flag,
    key_check,
    listed,
    name_check,
    one_of,
    sentence,
    version_check,
    wrong,
)
from services.suitability.domain.pack_problems import Problems
from services.suitability.domain.questionnaire import COMPANY, LEVELS, PERSON

Document = Mapping[str, object]

# What must be known of a client's means, mind and aims (S1 Art 25, S2 Art 6).
TOPICS = (
    "finances",
    "debts",
    "knowledge",
    "experience",
    "purpose",
    "horizon",
    "expected_return",
    "preference",
    "tolerance",
)
OTHER_TOPICS = ("identity", "credit_record", "governance", "other")
MOST_QUESTIONS, MOST_ANSWERS, HIGHEST = 100, 20, 1000


def anything(_: object) -> None:
    """Looked at part by part."""


def score(given: object) -> None:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= HIGHEST:
        raise wrong(f"must be a whole number from 0 to {HIGHEST}", f"须为 0 至 {HIGHEST} 的整数")


def parameter(given: object) -> None:
    """The same in both languages, or one for each."""
    if isinstance(given, dict):
        if given.keys() != {"zh", "en"}:
            raise wrong("must say zh and en, and nothing else", "须且仅须有 zh 与 en")
        for text in given.values():
            sentence(text)
    elif isinstance(given, bool) or not isinstance(given, int | str):
        raise wrong("must be a whole number, text, or zh and en", "须为整数、文本，或者 zh 与 en")


HEAD: Mapping[str, Check] = {
    "id": name_check,
    "version": version_check,
    "audience": one_of(PERSON, COMPANY),
    "effective_from": day,
    "band": anything,
    "question": anything,
}
HEAD_OPTIONS: Mapping[str, Check] = {"based_on": version_check, "parameters": anything}
BAND: Mapping[str, Check] = {"level": one_of(*LEVELS), "zh": sentence, "from_score": score}
QUESTION: Mapping[str, Check] = {
    "id": name_check,
    "zh": sentence,
    "en": sentence,
    "covers": listed(one_of(*TOPICS, *OTHER_TOPICS)),
    "answer": anything,
}
ANSWER: Mapping[str, Check] = {"id": key_check, "zh": sentence, "en": sentence, "score": score}
ANSWER_OPTIONS: Mapping[str, Check] = {"knock_out": flag}


class Shape:
    """Notes every part of the document that is not as it must be."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def check(self, document: object) -> None:
        head = self._fields("", document, HEAD, HEAD_OPTIONS)
        self._parameters(head.get("parameters", {}))
        for where, band in self._items("band", head.get("band", []), 1, len(LEVELS) * 2):
            self._fields(where, band, BAND)
        questions = self._items("question", head.get("question", []), 1, MOST_QUESTIONS)
        for where, question in questions:
            said = self._fields(where, question, QUESTION)
            for place, answer in self._items(
                f"{where}.answer", said.get("answer", []), 2, MOST_ANSWERS
            ):
                self._fields(place, answer, ANSWER, ANSWER_OPTIONS)

    def _parameters(self, given: object) -> None:
        if not isinstance(given, dict):
            self._problems.add("parameters", "must be an object", "必须是对象")
            return
        for name, entry in given.items():
            with self._problems.at(f"parameters.{str(name)[:40]}"):
                name_check(name)
                parameter(entry)

    def _items(
        self, where: str, given: object, fewest: int, most: int
    ) -> Iterator[tuple[str, object]]:
        """Each with its place: by its id, or else by its number."""
        if not isinstance(given, list) or not fewest <= len(given) <= most:
            self._problems.add(
                where, f"must be {fewest} to {most} entries", f"须为 {fewest} 至 {most} 项"
            )
            return
        for number, item in enumerate(given):
            known = item.get("id") if isinstance(item, dict) else None
            short = isinstance(known, str) and len(known) <= 60 and known.isidentifier()
            yield (f"{where}.{known}" if short else f"{where}[{number}]"), item

    def _fields(
        self,
        where: str,
        given: object,
        needed: Mapping[str, Check],
        options: Mapping[str, Check] | None = None,
    ) -> Document:
        before = f"{where}." if where else ""
        if not isinstance(given, dict):
            self._problems.add(where or "questionnaire", "must be an object", "必须是对象")
            return {}
        for name in sorted(needed.keys() - given.keys()):
            self._problems.add(f"{before}{name}", "is missing", "缺少此项")
        for name, entry in given.items():
            check = needed.get(name) or (options or {}).get(name)
            if check is None:
                self._problems.add(f"{before}{str(name)[:40]}", "is not known", "未知项")
                continue
            with self._problems.at(f"{before}{name}"):
                check(entry)
        return cast("Document", given)

"""A risk questionnaire: versioned data, scored into a level."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from chassis.errors import Invalid, RuleBroken
from services.suitability.domain.digest import digest

LEVELS = ("C1", "C2", "C3", "C4", "C5")
PERSON, COMPANY = "person", "company"


@dataclass(frozen=True)
class Answer:
    id: str
    zh: str
    en: str
    score: int
    knock_out: bool = False


@dataclass(frozen=True)
class Question:
    """*covers* names what of the client it asks after, in the words of `TOPICS`."""

    id: str
    zh: str
    en: str
    answers: tuple[Answer, ...]
    covers: tuple[str, ...] = ()

    def answered(self, answer_id: str) -> Answer:
        for answer in self.answers:
            if answer.id == answer_id:
                return answer
        raise Invalid(
            "unknown_answer",
            f"{answer_id or 'no answer'} is not an answer to question {self.id}",
            f"问题 {self.id} 没有选项 {answer_id or '（未作答）'}",
            field=f"answers.{self.id}",
        )


@dataclass(frozen=True)
class Band:
    level: str
    name_zh: str
    from_score: int


@dataclass(frozen=True)
class Score:
    points: int
    level: str
    lowest_category: bool


@dataclass(frozen=True)
class Questionnaire:
    id: str
    version: str
    audience: str
    effective_from: date
    questions: tuple[Question, ...]
    bands: tuple[Band, ...]

    def score(self, answers: Mapping[str, str]) -> Score:
        """Every question is answered once; a knock-out answer means C1.

        Of a natural person it also sets the lowest category, which lies inside C1 (S3 Arts 26,
        29); an institution is never in it.
        """
        self._refuse_unknown(answers)
        chosen = [question.answered(answers.get(question.id, "")) for question in self.questions]
        points = sum(answer.score for answer in chosen)
        knocked_out = any(answer.knock_out for answer in chosen)
        level = LEVELS[0] if knocked_out else self._band(points).level
        return Score(points, level, knocked_out and self.audience == PERSON)

    def refuse_other_clients(self, kind: str | None) -> None:
        """Persons answer theirs, every other kind of client that of institutions."""
        if self.audience != audience_of(kind):
            raise Invalid(
                "other_audience",
                f"{self.version} is not for this kind of client ({kind}): persons and institutions "
                "have questionnaires of their own",
                f"{self.version} 不适用于该类客户（{kind}）：自然人与机构使用不同的问卷",
                field="questionnaire_version",
            )

    @cached_property
    def digest(self) -> str:
        """Of all that is asked, what it is worth, and from when on."""
        return digest(self.document)

    @cached_property
    def document(self) -> dict[str, object]:
        """As it is kept with the first assessment, and as `read_kept` reads it."""
        return {
            "id": self.id,
            "version": self.version,
            "audience": self.audience,
            "effective_from": self.effective_from.isoformat(),
            "bands": [vars(band) for band in self.bands],
            "questions": [
                {
                    "id": question.id,
                    "zh": question.zh,
                    "en": question.en,
                    "answers": [vars(answer) for answer in question.answers],
                    "covers": list(question.covers),
                }
                for question in self.questions
            ],
        }

    @property
    def range(self) -> tuple[int, int]:
        """The lowest and the highest score."""
        scores = [[answer.score for answer in each.answers] for each in self.questions]
        return sum(map(min, scores)), sum(map(max, scores))

    @property
    def level_names_zh(self) -> dict[str, str]:
        return {band.level: band.name_zh for band in self.bands}

    def _band(self, points: int) -> Band:
        return [band for band in self.bands if points >= band.from_score][-1]

    def _refuse_unknown(self, answers: Mapping[str, str]) -> None:
        unknown = set(answers) - {question.id for question in self.questions}
        if unknown:
            names = ", ".join(sorted(unknown))
            raise Invalid(
                "unknown_question",
                f"not in this questionnaire: {names}",
                f"问卷中没有这些问题：{names}",
                field="answers",
            )


def audience_of(kind: str | None) -> str:
    """Who is of no known kind is asked for it first (S1 Art 25)."""
    if kind is None:
        raise RuleBroken(
            "client_kind_unknown",
            "the kind of client is not known: it decides which questionnaire is answered; "
            "complete the client's facts first",
            "客户类型未知，无法确定适用的问卷，请先补充客户信息",
            rule="ASM-07",
            field="kind",
        )
    return PERSON if kind == PERSON else COMPANY

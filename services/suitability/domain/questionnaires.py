"""All questionnaires side by side: which one is in force for whom, and which one was answered."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from chassis.errors import Conflict, NotFound
from services.suitability.domain.questionnaire import PERSON, Questionnaire

DAY = timedelta(days=1)


class Questionnaires:
    """Those *shipped* hold until the first of the institution's *own* for that audience does.

    Each holds until the day before the next one for the same audience.
    """

    def __init__(self, shipped: Iterable[Questionnaire], own: Iterable[Questionnaire] = ()) -> None:
        self._shipped, self._own = _in_order(shipped), _in_order(own)
        self.all = (*self._own, *self._shipped)
        self._by_version = {each.version: each for each in self.all}

    def for_audience(self, audience: str, on: date) -> Questionnaire:
        """The one in force; NotFound before the first."""
        found = self._in_force(audience, on)
        if found is None:
            raise NotFound(
                "no_questionnaire_in_force",
                f"no questionnaire for this kind of client is in force on {on}",
                f"{on} 没有适用于该类客户的生效问卷",
                field="audience",
            )
        return found

    def answered_on(self, version: str, on: date) -> Questionnaire:
        """Conflict, naming the one in force, when this one is not."""
        questionnaire = self._by_version.get(version)
        if questionnaire is None:
            raise no_such_questionnaire()
        now = self.for_audience(questionnaire.audience, on)
        if now is not questionnaire:
            raise Conflict(
                "questionnaire_not_in_force",
                f"{version} is not in force on {on}; fetch and answer {now.version}",
                f"{version} 在 {on} 不是生效的问卷，请获取并填写 {now.version}",
                field="questionnaire_version",
            )
        return questionnaire

    def find(self, version: str) -> Questionnaire | None:
        return self._by_version.get(version)

    @property
    def latest_first(self) -> Sequence[Questionnaire]:
        return sorted(self.all, key=lambda each: (each.effective_from, each.version), reverse=True)

    def level_name_zh(self, level: str, version: str | None, on: date) -> str:
        """In the words of the questionnaire that was answered, or of the one in force."""
        answered = self.find(version or "") or self._in_force(PERSON, on)
        return answered.level_names_zh.get(level, "") if answered else ""

    def until(self, questionnaire: Questionnaire) -> date | None:
        """Its last day, before its first when it never was in force; none while nothing follows."""
        first = questionnaire.effective_from
        changes = sorted({first, *(each.effective_from for each in self.all)})
        for day in changes:
            if day >= first and self._in_force(questionnaire.audience, day) is not questionnaire:
                return day - DAY
        return None

    def _in_force(self, audience: str, on: date) -> Questionnaire | None:
        return _latest(self._own, audience, on) or _latest(self._shipped, audience, on)


def _in_order(questionnaires: Iterable[Questionnaire]) -> tuple[Questionnaire, ...]:
    return tuple(sorted(questionnaires, key=lambda each: each.effective_from))


def _latest(
    questionnaires: Sequence[Questionnaire], audience: str, on: date
) -> Questionnaire | None:
    effective = [
        each for each in questionnaires if each.audience == audience and each.effective_from <= on
    ]
    return effective[-1] if effective else None


def changed_since(version: str) -> Conflict:
    return Conflict(
        "questionnaire_changed",
        f"{version} was answered with other content than its file has now; a changed "
        "questionnaire needs a version of its own",
        f"问卷 {version} 已被填写，但文件内容与当时不同；修改后的问卷须使用新的版本号",
        field="questionnaire_version",
    )


def no_such_questionnaire() -> NotFound:
    return NotFound(
        "no_such_questionnaire",
        "there is no such questionnaire",
        "没有这份问卷",
        field="questionnaire_version",
    )

"""What is wrong with a questionnaire, and where; all of it at once."""

from collections.abc import Sequence

from chassis.errors import Invalid
from services.suitability.domain.pack_problems import PackProblem, told


class UnreadableQuestionnaire(Invalid):
    """Names the first problems; *problems* holds them all."""

    def __init__(self, problems: Sequence[PackProblem]) -> None:
        super().__init__(
            "unreadable_questionnaire",
            told([f"{one.where}: {one.en}" for one in problems], "; ", "and {} more problems"),
            told([f"{one.where}：{one.zh}" for one in problems], "；", "另有 {} 处问题"),
            field="questionnaire",
        )
        self.problems = tuple(problems)

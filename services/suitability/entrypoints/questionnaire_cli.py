"""questionnaire check: what is in a folder of questionnaires, or everything that is wrong in it."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from services.suitability.adapters.questionnaires import Folder
from services.suitability.domain.questionnaire import Questionnaire

USAGE = "usage: python -m services.suitability questionnaire check DIR"


class QuestionnaireCommand:
    """0 good, 1 not, 2 not understood."""

    def __init__(self, load: Callable[[Path], Folder]) -> None:
        self._load = load

    def __call__(self, argv: Sequence[str]) -> int:
        match list(argv):
            case ["check", folder]:
                return self.check(Path(folder))
        print(USAGE, file=sys.stderr)
        return 2

    def check(self, folder: Path) -> int:
        found = self._load(folder)
        for problem in found.problems:
            print(f"{problem.where}: {problem.en}\n{problem.where}：{problem.zh}", file=sys.stderr)
        if found.problems:
            return 1
        for file, questionnaire in found.read.items():
            print("\n".join(contents(file, questionnaire)))
        return 0


def contents(file: str, questionnaire: Questionnaire) -> list[str]:
    least, most = questionnaire.range
    out = [
        f"{question.id}.{answer.id}"
        for question in questionnaire.questions
        for answer in question.answers
        if answer.knock_out
    ]
    bands = ", ".join(f"{band.level} {band.from_score}+" for band in questionnaire.bands)
    return [
        f"{questionnaire.version} ({file}) {questionnaire.digest}",
        f"  for 适用对象: {questionnaire.audience}",
        f"  effective from 生效日: {questionnaire.effective_from}",
        f"  questions 问题: {len(questionnaire.questions)}; scores 得分: {least}-{most}",
        f"  levels 等级: {bands}",
        f"  knock-outs 一票否决: {', '.join(out)}",
    ]

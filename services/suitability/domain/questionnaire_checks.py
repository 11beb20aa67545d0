"""What makes a questionnaire usable: levels without gaps, knock-outs, topics, ids of its own."""

from collections import Counter
from collections.abc import Iterable

from services.suitability.domain.pack_problems import Problems
from services.suitability.domain.questionnaire import LEVELS, Questionnaire
from services.suitability.domain.questionnaire_shape import TOPICS


def check(questionnaire: Questionnaire, problems: Problems) -> None:
    _check_ids(questionnaire, problems)
    _check_bands(questionnaire, problems)
    _check_knock_outs(questionnaire, problems)
    covered = {topic for question in questionnaire.questions for topic in question.covers}
    for topic in TOPICS:
        if topic not in covered:
            problems.add(
                "question",
                f"no question covers {topic} (S1 Art 25)",
                f"没有问题涉及 {topic}（令2025年第7号第二十五条）",
            )


def _check_ids(questionnaire: Questionnaire, problems: Problems) -> None:
    for twice in _doubled(question.id for question in questionnaire.questions):
        problems.add(f"question.{twice}", "stands there twice", "重复出现")
    for question in questionnaire.questions:
        for twice in _doubled(answer.id for answer in question.answers):
            problems.add(f"question.{question.id}.answer.{twice}", "stands there twice", "重复出现")


def _doubled(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _check_bands(questionnaire: Questionnaire, problems: Problems) -> None:
    """Five levels, low to high, over every score that can come out (S1 Art 29)."""
    if tuple(band.level for band in questionnaire.bands) != LEVELS:
        known = ", ".join(LEVELS)
        problems.add("band", f"must be {known} in this order", f"须依次为 {known}")
        return
    least, most = questionnaire.range
    starts = [band.from_score for band in questionnaire.bands]
    if starts[0] > least:
        problems.add(
            "band.C1",
            f"scores from {least} to {starts[0] - 1} have no level: bands leave a gap",
            f"{least} 至 {starts[0] - 1} 分没有对应等级，分档有缺口",
        )
    for band, before, start in zip(questionnaire.bands[1:], starts, starts[1:], strict=False):
        if start <= before:
            problems.add(
                f"band.{band.level}",
                f"must begin above {before}, where the level before it does",
                f"起点须高于上一等级的 {before} 分",
            )
        if start > most:
            problems.add(
                f"band.{band.level}",
                f"nobody reaches it: the highest score is {most}",
                f"无人能达到：最高分为 {most}",
            )


def _check_knock_outs(questionnaire: Questionnaire, problems: Problems) -> None:
    out = [
        (question, [answer.knock_out for answer in question.answers])
        for question in questionnaire.questions
    ]
    if not any(any(answers) for _, answers in out):
        problems.add(
            "question",
            "no answer is a knock-out: who can bear no loss must not get a level by score",
            "没有任何一票否决选项：不能承受任何损失者不得按得分定级",
        )
    for question, answers in out:
        if all(answers):
            problems.add(
                f"question.{question.id}", "every answer is a knock-out", "所有选项均为一票否决"
            )

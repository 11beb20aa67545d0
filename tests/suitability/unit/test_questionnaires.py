"""Questionnaires as data: what makes one usable, and which one is in force."""

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from chassis.config import ConfigurationError
from chassis.errors import Conflict, NotFound
from services.suitability.adapters.questionnaires import (
    SHIPPED,
    own_folder,
    released_questionnaires,
)
from services.suitability.bootstrap import institution
from services.suitability.config import SuitabilityConfig
from services.suitability.domain.questionnaire import LEVELS, Questionnaire
from services.suitability.domain.questionnaire_problems import UnreadableQuestionnaire
from services.suitability.domain.questionnaire_reader import read_kept
from services.suitability.domain.questionnaires import Questionnaires
from services.suitability.entrypoints.questionnaire_cli import QuestionnaireCommand

STANDARD = released_questionnaires()
PERSONS = STANDARD.for_audience("person", date(2026, 11, 23))
COMPANIES = STANDARD.for_audience("company", date(2026, 11, 23))
DAY = timedelta(days=1)
NOWHERE = sa.create_engine("sqlite://")

TUNED = """
version = "house-2027"
effective_from = 2027-01-01
based_on = "company-2026-1"

[parameters]
loss_small = "5%"
"""


def written(folder: Path, text: str = TUNED, name: str = "own.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def said_of(folder: Path) -> list[str]:
    return [f"{problem.where}: {problem.en}" for problem in own_folder(folder).problems]


def changed(old: str, new: str) -> str:
    """The standard questionnaire of institutions under another version, with one thing changed."""
    text = (SHIPPED / "company-2026-1.toml").read_text(encoding="utf-8")
    assert old in text
    return text.replace('"company-2026-1"', '"own-1"').replace(old, new, 1)


@pytest.mark.parametrize("each", [PERSONS, COMPANIES], ids=["persons", "institutions"])
def test_the_standard_questionnaires_reach_every_level(each: Questionnaire) -> None:
    least, most = each.range
    starts = [band.from_score for band in each.bands]

    assert starts[0] <= least
    assert most == 100
    assert [band.level for band in each.bands] == list(LEVELS)
    assert all(start < most for start in starts)


@pytest.mark.parametrize("each", [PERSONS, COMPANIES], ids=["persons", "institutions"])
@given(draw=st.data())
def test_any_answers_get_the_level_of_their_score(each: Questionnaire, draw: st.DataObject) -> None:
    chosen = {q.id: draw.draw(st.sampled_from(q.answers)) for q in each.questions}

    score = each.score({name: answer.id for name, answer in chosen.items()})

    out = any(answer.knock_out for answer in chosen.values())
    points = sum(answer.score for answer in chosen.values())
    by_score = max(band.level for band in each.bands if band.from_score <= points)
    assert (score.points, score.level) == (points, "C1" if out else by_score)
    assert score.lowest_category == (out and each.audience == "person")


def test_a_questionnaire_is_kept_as_it_was() -> None:
    again = read_kept(COMPANIES.document)

    assert again == COMPANIES
    assert again.digest == COMPANIES.digest


def test_what_an_answer_is_worth_is_part_of_the_digest() -> None:
    (first, *others) = COMPANIES.questions
    (answer, *rest) = first.answers
    dearer = replace(first, answers=(replace(answer, score=answer.score + 1), *rest))

    assert replace(COMPANIES, questions=(dearer, *others)).digest != COMPANIES.digest


def test_the_next_version_ends_the_one_before() -> None:
    after = replace(PERSONS, version="person-2", effective_from=date(2027, 1, 1))
    known = Questionnaires([after, PERSONS, COMPANIES])

    assert known.for_audience("person", date(2026, 12, 31)) is PERSONS
    assert known.for_audience("person", date(2027, 1, 1)) is after
    assert known.until(PERSONS) == date(2026, 12, 31)
    assert known.until(after) is None
    assert known.until(COMPANIES) is None


def test_the_institutions_own_take_over_on_their_first_day_for_whom_they_are() -> None:
    own = replace(PERSONS, version="own-1", effective_from=date(2026, 12, 1))
    newer = replace(PERSONS, version="person-2", effective_from=date(2027, 1, 1))
    known = Questionnaires([PERSONS, newer, COMPANIES], [own])

    assert known.for_audience("person", date(2026, 11, 30)) is PERSONS
    assert known.for_audience("person", date(2027, 6, 1)) is own
    assert known.for_audience("company", date(2027, 6, 1)) is COMPANIES
    assert known.until(PERSONS) == date(2026, 11, 30)
    assert known.until(newer) == newer.effective_from - DAY


def test_before_the_first_there_is_none() -> None:
    with pytest.raises(NotFound):
        STANDARD.for_audience("person", date(2026, 1, 31))


def test_who_answers_a_former_version_hears_which_one_is_in_force() -> None:
    after = replace(PERSONS, version="person-2", effective_from=date(2027, 1, 1))
    known = Questionnaires([PERSONS, after])

    with pytest.raises(Conflict, match="answer person-2") as refused:
        known.answered_on(PERSONS.version, date(2027, 1, 1))
    with pytest.raises(Conflict, match="answer person-2026-1"):
        known.answered_on("person-2", date(2026, 12, 31))

    assert "person-2" in refused.value.zh


def test_a_house_tunes_the_standard_without_copying_it(tmp_path: Path) -> None:
    known = released_questionnaires(written(tmp_path))

    tuned = known.for_audience("company", date(2027, 1, 1))

    assert tuned.version == "house-2027"
    (tolerance,) = (one for one in tuned.questions if one.id == "tolerance")
    assert tolerance.answers[1].zh == "5%以内"
    assert tolerance.answers[2].en == "5% to 30%"
    assert tuned.bands == COMPANIES.bands


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (changed('level = "C2"\n', 'level = "C3"\n'), "band: must be C1, C2, C3, C4, C5"),
        (changed("from_score = 0", "from_score = 9"), "scores from 7 to 8 have no level"),
        (changed("from_score = 40", "from_score = 20"), "band.C3: must begin above 20"),
        (changed("from_score = 80", "from_score = 101"), "band.C5: nobody reaches it"),
        (changed(", knock_out = true", ""), "no answer is a knock-out"),
        (changed('id = "years"', 'id = "entity"'), "question.entity: stands there twice"),
        (
            changed('{ id = "b", zh = "一年盈利', '{ id = "a", zh = "一年盈利'),
            "earnings.answer.a: stands",
        ),
        (changed('covers = ["horizon"]', "covers = []"), "no question covers horizon"),
        (changed("score = 9 }", "score = -9 }"), "must be a whole number from 0 to 1000"),
        (changed("score = 9 }", "score = true }"), "must be a whole number from 0 to 1000"),
        (changed('en = "None at all"', 'en = " "'), "tolerance.answer.a.en: must be text"),
        (changed('zh = "{loss_small}以内"', 'zh = "{loss}以内"'), "{loss} is no parameter"),
        (changed('zh = "{loss_small}以内"', 'zh = "{loss_small:>99}"'), "is no parameter"),
        (changed('zh = "{loss_small}以内"', 'zh = "{loss_small"'), "a brace is not closed"),
        (changed('loss_large = "50%"', 'loss_large = "50%"\nidle = 1'), "idle: no sentence says"),
        (changed('audience = "company"', 'audience = "firm"'), "audience: must be one of"),
        (changed("effective_from = 2026-02-01", ""), "effective_from: is missing"),
        (changed("effective_from = 2026-02-01", "effective_from = true"), "must be a date"),
        (changed('id = "company"', 'id = "company"\ncolour = "red"'), "colour: is not known"),
        (TUNED.replace("company-2026-1", "elsewhere-1"), "based_on: elsewhere-1 is no other"),
        (TUNED.replace("company-2026-1", "house-2027"), "based_on: house-2027 is no other"),
        ("version = [", "own.toml"),
        ("question = 7", "question: must be 1 to 100 entries"),
    ],
)
def test_what_is_wrong_with_one_is_said_with_its_place(
    tmp_path: Path, text: str, problem: str
) -> None:
    told = said_of(written(tmp_path, text))

    assert any(problem in line for line in told), told
    assert all(line.startswith("own.toml") for line in told)


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = changed("from_score = 40", "from_score = 20").replace(", knock_out = true", "")
    written(tmp_path, text, "a.toml")
    written(tmp_path, "version = 3", "b.toml")

    told = "\n".join(said_of(tmp_path))

    assert "a.toml: band.C3" in told
    assert "a.toml: question: no answer is a knock-out" in told
    assert "b.toml: version" in told
    assert "b.toml: audience: is missing" in told


def test_two_of_one_version_or_of_one_day_do_not_stand_together(tmp_path: Path) -> None:
    written(tmp_path, name="a.toml")
    written(tmp_path, name="b.toml")

    told = said_of(tmp_path)

    assert told == [
        "a.toml, b.toml: say the same version",
        "a.toml, b.toml: take effect for the same clients on the same day",
    ]


def test_a_version_that_is_shipped_is_not_replaced(tmp_path: Path) -> None:
    text = (SHIPPED / "company-2026-1.toml").read_text(encoding="utf-8")

    assert said_of(written(tmp_path, text)) == ["own.toml: version: is that of a shipped one"]


@pytest.mark.parametrize("place", ["empty", "missing"])
def test_a_folder_without_questionnaires_is_no_folder_of_questionnaires(
    tmp_path: Path, place: str
) -> None:
    folder = tmp_path / place
    if place == "empty":
        folder.mkdir()

    with pytest.raises(UnreadableQuestionnaire, match="no questionnaire here"):
        released_questionnaires(folder)


def test_check_says_what_is_in_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = QuestionnaireCommand(own_folder)(["check", str(written(tmp_path))])

    told = capsys.readouterr().out
    assert code == 0
    assert "house-2027 (own.toml)" in told
    assert "knock-outs 一票否决: tolerance.a" in told


def test_check_says_what_is_wrong_in_both_languages_as_an_operator_runs_it(tmp_path: Path) -> None:
    written(tmp_path, changed(", knock_out = true", ""))
    command = [sys.executable, "-m", "services.suitability", "questionnaire", "check"]

    refused = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, check=False)
    unknown = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (refused.returncode, unknown.returncode) == (1, 2)
    assert "no answer is a knock-out" in refused.stderr
    assert "一票否决" in refused.stderr
    assert "usage:" in unknown.stderr


def config(questionnaires: Path) -> SuitabilityConfig:
    return SuitabilityConfig(
        database_url="",
        amqp_url="",
        rpc_address="127.0.0.1:0",
        caller_key="{}",
        licence="bank",
        questionnaires=str(questionnaires),
    )


def test_the_service_does_not_start_with_a_folder_that_cannot_be_read(tmp_path: Path) -> None:
    written(tmp_path, "version = [")

    with pytest.raises(ConfigurationError, match="LIHENG_SUITABILITY_QUESTIONNAIRES"):
        institution(config(tmp_path), NOWHERE)


def test_the_service_starts_with_the_institutions_own(tmp_path: Path) -> None:
    known = institution(config(written(tmp_path)), NOWHERE).questionnaires

    assert known.for_audience("company", date(2027, 1, 1)).version == "house-2027"

"""Assessments from before anybody was told that they end."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from chassis.database import begin, engine
from chassis.migrations import migrate
from services.suitability.adapters.database import SqlSuitabilityWork
from services.suitability.bootstrap import SERVICE
from services.suitability.usecases.warn_of_expiries import WarnOfExpiries, warn_of_expiries

BEFORE = "0008"
NOW = datetime.now(UTC)
TODAY = NOW.date()
PROFILES = (
    "INSERT INTO profiles (customer_id, standing_level, version) VALUES (:customer_id, 'C3', 1)"
)
ASSESSMENTS = """
    INSERT INTO assessments (assessment_id, customer_id, level, source, assessed_on, valid_until,
        at)
    VALUES (:assessment_id, :customer_id, 'C3', 'questionnaire', :assessed_on, :valid_until, :at)
"""


def made(customer_id: str, assessment_id: str, days_left: int) -> dict[str, object]:
    last_day = TODAY + timedelta(days=days_left)
    return {
        "customer_id": customer_id,
        "assessment_id": assessment_id,
        "assessed_on": last_day - timedelta(days=365),
        "valid_until": last_day,
        "at": NOW - timedelta(days=365 - days_left),
    }


KEPT = [
    made("c-renewed", "a-old", 3),
    made("c-renewed", "a-new", 200),
    made("c-soon", "a-soon", 20),
    made("c-over", "a-over", -40),
]


def test_those_that_count_are_warned_of_and_those_that_are_over_are_not(
    create_database: Callable[[str], str], tmp_path: Path
) -> None:
    url = create_database("suitability_upgrade")
    for migration in sorted(SERVICE.migrations.glob("0*.py")):
        if migration.name[:4] <= BEFORE:
            shutil.copy(migration, tmp_path)
    assert migrate(url, tmp_path) == BEFORE
    bound = engine(url, connections=1)
    with bound.begin() as connection:
        clients = {str(one["customer_id"]) for one in KEPT}
        connection.execute(sa.text(PROFILES), [{"customer_id": name} for name in clients])
        connection.execute(sa.text(ASSESSMENTS), KEPT)

    migrate(url, SERVICE.migrations)
    with begin(bound, SqlSuitabilityWork)() as work:
        later = TODAY + timedelta(days=171)
        due = [
            [each.assessment_id for each in work.expiries.claim_due(day, 10)]
            for day in (TODAY, later)
        ]
        told = warn_of_expiries(WarnOfExpiries(today=TODAY, at=NOW), work)
    bound.dispose()

    assert due == [["a-soon"], ["a-soon", "a-new"]]
    assert told == 1

"""Why a recording was abandoned rests under seal, whatever the algorithm."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
import sqlalchemy as sa

from chassis.database import begin, engine
from chassis.migrations import migrate
from chassis.scope import EVERYTHING
from chassis.sealing.algorithm import Algorithm
from chassis.sealing.command import run
from chassis.sealing.config import SealingConfig
from chassis.sealing.vault import Vault
from services.recording.adapters.database import SqlRecordingWork
from services.recording.adapters.sealing import SEALED
from services.recording.adapters.tables import answers, metadata, recordings
from services.recording.bootstrap import SERVICE, vault
from services.recording.domain.recording import Abandonment
from tests.recording.integration.test_work import Begin, recording
from tests.recording.unit.studio import NOON
from tests.sealing import MASTERS

REASON = "客户林安达（13977665544）临时离开"


@pytest.fixture(scope="module", params=Algorithm)
def opened(
    request: pytest.FixtureRequest, create_database: Callable[[str], str]
) -> Iterator[tuple[sa.Engine, Vault]]:
    url = create_database(f"recording_{request.param.name.lower()}")
    migrate(url, SERVICE.migrations)
    bound = engine(url)
    config = SealingConfig(database_url=url, master_keys=MASTERS, sealing=request.param)
    yield bound, vault(config, bound)
    bound.dispose()


def working(bound: sa.Engine, theirs: Vault) -> Begin:
    return begin(bound, partial(SqlRecordingWork, sealer=theirs.sealer, scope=EVERYTHING))


def abandoned(work: Begin, recording_id: str) -> None:
    made = recording(recording_id)
    made.abandon(reason=REASON, by="s-ada", at=NOON)
    with work() as kept:
        kept.recordings.add(made)
        kept.commit()


def read(work: Begin, recording_id: str) -> Abandonment | None:
    with work() as kept:
        return kept.recordings.get(recording_id).abandonment


def row_of(bound: sa.Engine, recording_id: str) -> sa.Row[tuple[object, ...]]:
    with bound.connect() as connection:
        mine = recordings.c.recording_id == recording_id
        return connection.execute(sa.select(recordings).where(mine)).one()


def test_the_reason_is_read_again_and_rests_under_seal(opened: tuple[sa.Engine, Vault]) -> None:
    bound, theirs = opened
    work = working(bound, theirs)

    abandoned(work, "r-1")

    assert read(work, "r-1") == Abandonment(REASON, "s-ada", NOON)
    assert row_of(bound, "r-1").abandoned_reason is None
    assert REASON not in str(row_of(bound, "r-1"))


def test_what_an_earlier_release_wrote_is_read_and_then_sealed(
    opened: tuple[sa.Engine, Vault],
) -> None:
    bound, theirs = opened
    work = working(bound, theirs)
    abandoned(work, "r-2")
    with bound.begin() as connection:
        clear = {"abandoned_reason": REASON, "abandoned_reason_sealed": ""}
        mine = recordings.c.recording_id == "r-2"
        connection.execute(recordings.update().where(mine).values(clear))
    assert read(work, "r-2") == Abandonment(REASON, "s-ada", NOON)

    desk = theirs.desk("…", lambda line: None)
    assert run(["rotate"], desk) == 0
    assert run(["reseal"], theirs.desk("…", lambda line: None)) == 0

    assert REASON not in str(row_of(bound, "r-2"))
    assert read(work, "r-2") == Abandonment(REASON, "s-ada", NOON)


def test_every_column_named_sealed_is_sealed_anew() -> None:
    named = {
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_sealed") and table is not answers
    }

    assert named == {each.column for of in SEALED for each in of.columns}

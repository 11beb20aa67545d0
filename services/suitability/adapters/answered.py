"""Questionnaires as they were when they were first answered."""

import logging
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from chassis.failures import described
from services.suitability.adapters.tables import questionnaires
from services.suitability.domain.questionnaire import Questionnaire
from services.suitability.domain.questionnaires import Questionnaires, changed_since

log = logging.getLogger(__name__)

DIGESTS = sa.select(questionnaires.c.version, questionnaires.c.digest)


class SqlAnsweredQuestionnaires:
    def __init__(self, session: Session) -> None:
        self._session = session

    def note(self, questionnaire: Questionnaire, at: datetime) -> None:
        version = questionnaire.version
        kept = self._digest(version) or self._first(questionnaire, at)
        if kept != questionnaire.digest:
            raise changed_since(version)

    def _first(self, questionnaire: Questionnaire, at: datetime) -> str | None:
        """The digest that is kept now: somebody else may have been first."""
        values = {
            "version": questionnaire.version,
            "digest": questionnaire.digest,
            "document": questionnaire.document,
            "answered_at": at,
        }
        self._session.execute(insert(questionnaires).values(values).on_conflict_do_nothing())
        return self._digest(questionnaire.version)

    def _digest(self, version: str) -> str | None:
        asked = sa.select(questionnaires.c.digest).where(questionnaires.c.version == version)
        return self._session.execute(asked).scalar_one_or_none()


def changed_since_answered(engine: sa.Engine, known: Questionnaires) -> Sequence[str]:
    """Versions that were answered with other content than they have now.

    None while the database is away or not prepared: each assessment compares again.
    """
    try:
        with engine.connect() as connection:
            rows = connection.execute(DIGESTS).all()
    except SQLAlchemyError as error:
        log.warning("questionnaires: not compared with those answered: %s", described(error))
        return []
    found = ((known.find(row.version), row.digest) for row in rows)
    return [each.version for each, digest in found if each and each.digest != digest]

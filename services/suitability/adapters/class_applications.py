"""Applications to be another class of investor, in PostgreSQL."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.versions import changed_meanwhile
from services.suitability.adapters.tables import class_applications
from services.suitability.domain.customer_class import (
    ApplicationState,
    ClassApplication,
    CustomerClass,
    RefusalReason,
)


class SqlClassApplications:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, application: ClassApplication) -> None:
        application.version = 1
        added = self._session.execute(
            insert(class_applications)
            .values(_values(application))
            .on_conflict_do_nothing()
            .returning(class_applications.c.application_id)
        ).one_or_none()
        if added is None:
            raise changed_meanwhile()

    def find(self, application_id: str) -> ClassApplication | None:
        return self._one(class_applications.c.application_id == application_id)

    def waiting(self, customer_id: str) -> ClassApplication | None:
        theirs = class_applications.c.customer_id == customer_id
        return self._one(theirs & (class_applications.c.state == ApplicationState.OPEN))

    def save(self, application: ClassApplication) -> None:
        """Only how it was decided can change."""
        saved = self._session.execute(
            class_applications.update()
            .where(class_applications.c.application_id == application.application_id)
            .where(class_applications.c.version == application.version)
            .values(
                state=application.state,
                reason=application.reason,
                decided_by=application.decided_by,
                decided_at=application.decided_at,
                version=application.version + 1,
            )
            .returning(class_applications.c.version)
        ).one_or_none()
        if saved is None:
            raise changed_meanwhile()
        application.version = saved.version

    def _one(self, which: sa.ColumnElement[bool]) -> ClassApplication | None:
        row = self._session.execute(sa.select(class_applications).where(which)).one_or_none()
        return None if row is None else to_application(row)


def to_application(row: sa.Row[Any]) -> ClassApplication:
    return ClassApplication(
        application_id=row.application_id,
        customer_id=row.customer_id,
        wanted=CustomerClass(row.wanted),
        evidence={name: date.fromisoformat(day) for name, day in row.evidence.items()},
        entered_by=row.entered_by,
        by_client=row.by_client,
        entered_at=row.entered_at,
        state=ApplicationState(row.state),
        reason=RefusalReason(row.reason) if row.reason else None,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        version=row.version,
    )


def _values(application: ClassApplication) -> dict[str, Any]:
    days = {name: day.isoformat() for name, day in application.evidence.items()}
    return {**vars(application), "evidence": days}

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from chassis.moments import moment, stamp

MOMENTS = st.datetimes(
    min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)
)


@given(MOMENTS)
def test_a_moment_survives_the_contract(at: datetime) -> None:
    written = stamp(at)

    assert written is not None
    assert moment(written) == at


def test_a_moment_in_another_zone_is_the_same_moment() -> None:
    noon_in_china = datetime(2026, 11, 1, 12, tzinfo=timezone(timedelta(hours=8)))

    written = stamp(noon_in_china)

    assert written is not None
    assert moment(written) == datetime(2026, 11, 1, 4, tzinfo=UTC)


def test_no_moment_stays_none() -> None:
    assert stamp(None) is None

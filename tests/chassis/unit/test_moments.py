from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from chassis.moments import moment, stamp

somewhere = st.integers(-720, 720).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1900, 1, 1), datetime(9990, 1, 1), timezones=somewhere)


@given(at=moments)
def test_a_moment_comes_back_to_the_microsecond(at: datetime) -> None:
    told = stamp(at)

    assert told is not None
    assert moment(told) == at
    assert moment(told).tzinfo is UTC


def test_no_moment_is_no_stamp() -> None:
    assert stamp(None) is None

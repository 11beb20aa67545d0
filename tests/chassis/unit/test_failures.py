import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, RuleBroken
from chassis.failures import described, is_outage, may_pass


def met(error: psycopg.Error) -> DBAPIError:
    """As SQLAlchemy would raise it."""
    kind = OperationalError if isinstance(error, psycopg.OperationalError) else DBAPIError
    return kind("INSERT INTO customer VALUES ('13800000000')", None, error)


@pytest.mark.parametrize(
    "error",
    [
        met(psycopg.OperationalError("connection refused")),
        met(errors.AdminShutdown()),
        met(errors.CannotConnectNow()),
        met(errors.TooManyConnections()),
        met(errors.DeadlockDetected()),
        met(errors.SerializationFailure()),
        met(errors.ReadOnlySqlTransaction()),
        InterfaceError("SELECT 1", None, psycopg.InterfaceError("the connection is closed")),
        PoolTimeout("no connection became free"),
        ConnectionRefusedError(),
    ],
    ids=repr,
)
def test_what_is_away_comes_back(error: Exception) -> None:
    assert is_outage(error)


@pytest.mark.parametrize(
    "error",
    [
        met(errors.QueryCanceled()),
        met(errors.UndefinedTable()),
        met(errors.NotNullViolation()),
        IntegrityError("INSERT", None, errors.UniqueViolation()),
        ValueError("of the event itself"),
        RuleBroken("no", "no", "不"),
    ],
    ids=repr,
)
def test_what_the_event_causes_is_no_outage(error: Exception) -> None:
    assert not is_outage(error)


@pytest.mark.parametrize("kind", [Conflict, NotFound])
def test_a_race_or_an_early_arrival_may_pass(kind: type[Conflict]) -> None:
    assert may_pass(kind("code", "en", "zh"))


@pytest.mark.parametrize("kind", [RuleBroken, Forbidden, Invalid])
def test_other_refusals_are_final(kind: type[RuleBroken]) -> None:
    assert not may_pass(kind("code", "en", "zh"))


def test_an_error_is_described_without_the_values_of_its_statement() -> None:
    error = met(psycopg.OperationalError("duplicate key\nDETAIL: (phone)=(13800000000)"))

    assert described(error) == "OperationalError: duplicate key"


def test_a_refusal_is_described_by_its_code() -> None:
    assert described(RuleBroken("own_kyc", "not yours", "不可")) == "RuleBroken own_kyc: not yours"


def test_an_error_without_words_is_its_name() -> None:
    assert described(KeyError()) == "KeyError: "

"""What a failure means for the event that met it: wait, try again later, or give up."""

from psycopg import Error as DriverError
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chassis.discretion import discreet
from chassis.errors import Conflict, NotFound, Refusal

LONGEST = 300  # characters of an error that are kept

# SQLSTATE classes that speak of the server, not of the statement: connection, rolled back
# (deadlock), out of resources, shutting down, standby that is still read-only.
OUTAGES = ("08", "40", "53", "57P", "25006")


def is_outage(error: BaseException) -> bool:
    """Not the event's fault: what it needs is away, and trying again will do."""
    if isinstance(error, DBAPIError):
        return _is_database_outage(error)
    return isinstance(error, PoolTimeout | ConnectionError)


def may_pass(error: BaseException) -> bool:
    """False when trying again can only end the same way.

    Somebody else being faster passes, and what cannot be found may be on its way.
    """
    return not isinstance(error, Refusal) or isinstance(error, Conflict | NotFound)


def described(error: BaseException) -> str:
    """One line, without the values an error quotes."""
    if isinstance(error, Refusal):
        return f"{type(error).__name__} {error.code}: {error.en}"[:LONGEST]
    told = error.orig if isinstance(error, DBAPIError) and error.orig else error
    first_line = (str(told).splitlines() or [""])[0]
    return f"{type(told).__name__}: {discreet(first_line)}"[:LONGEST]


def _is_database_outage(error: DBAPIError) -> bool:
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    if not isinstance(error.orig, DriverError):
        return False
    state = error.orig.sqlstate
    if state is None:
        return type(error).__name__ == "OperationalError"
    return state.startswith(OUTAGES)

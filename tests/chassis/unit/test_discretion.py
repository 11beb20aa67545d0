import logging

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.discretion import discreet, discreet_traceback
from chassis.log import JsonFormatter

VALUES = ("林安达", "13800138000", "138 0013 8000", "44030519610730001X")


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "said",
    [
        "invalid literal for int() with base 10: '{}'",
        'invalid input syntax for type integer: "{}"',
        "DETAIL:  Key (phone)=({}) already exists.",
        "DETAIL:  Failing row contains (c-1, {}, null).",
        "no customer {} on file",
    ],
)
def test_what_an_error_quotes_is_withheld(said: str, value: str) -> None:
    told = discreet(said.format(value))

    assert value not in told
    assert said[:8] in told


@given(st.text())
def test_nothing_quoted_passes(value: str) -> None:
    kept = discreet(f"invalid value: {value!r}").removeprefix("invalid value: ")

    assert all(each.isascii() or each == "…" for each in kept)


def test_where_and_what_stays() -> None:
    said = 'duplicate key value violates unique constraint "customers_identified_once"'

    assert discreet(said) == said
    assert discreet("LookupError: broken 1") == "LookupError: broken 1"


def test_a_traceback_keeps_its_files_and_lines() -> None:
    told = discreet_traceback("  File \"chassis/log.py\", line 12345, in f\nValueError: '林安达'")

    assert told == '  File "chassis/log.py", line 12345, in f\nValueError: …'


def test_a_log_line_does_not_repeat_what_an_error_quotes() -> None:
    try:
        int("林安达")
    except ValueError as error:
        known = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), known)

    line = orjson.loads(JsonFormatter("rpc").format(record))

    assert "林安达" not in line["error"]
    assert "test_discretion.py" in line["error"]
    assert "ValueError: invalid literal for int() with base 10: …" in line["error"]

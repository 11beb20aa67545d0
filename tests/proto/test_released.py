"""What consumers rely on is not taken away."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from proto.catalogue import catalogue, current
from proto.compiler import PROTO, described
from proto.listeners import listeners
from proto.released import breaks, broken_for

CUSTOMER = "liheng/customer/v1/events.proto"
Edit = Callable[[str], str]


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[Edit], Path]:
    """A copy of proto/ in which the customer's events were edited."""
    copy = tmp_path / "proto"
    shutil.copytree(PROTO, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))

    def change(edit: Edit) -> Path:
        path = copy / CUSTOMER
        before = path.read_text(encoding="utf-8")
        path.write_text(edit(before), encoding="utf-8")
        assert path.read_text(encoding="utf-8") != before
        return copy

    return change


def test_nothing_that_was_released_is_broken() -> None:
    assert breaks() == []
    assert list(broken_for(listeners(), current())) == []


FIELD = "string expires_on = 3;"
BREAKS = {
    "a field is gone": (FIELD, ""),
    "a number has another name": (FIELD, "string ends_on = 3;"),
    "a number is used again": (FIELD, "bool expired = 3;"),
    "a field has another number": (FIELD, "string expires_on = 9;"),
    "a field has another type": (FIELD, "int64 expires_on = 3;"),
    "an event is gone": ("message KycApproved", "message KycAccepted"),
}


@pytest.mark.parametrize("why", BREAKS)
def test_a_break_is_refused_with_the_names_of_those_it_breaks(
    why: str, changed: Callable[[Edit], Path]
) -> None:
    folder = changed(lambda text: text.replace(*BREAKS[why]))

    assert any(CUSTOMER in line for line in breaks(folder))
    (said,) = broken_for(listeners(), catalogue(described(folder)))
    assert "liheng.customer.v1.KycApproved" in said
    assert "workflow" in said


def test_what_grows_breaks_nobody(changed: Callable[[Edit], Path]) -> None:
    folder = changed(
        lambda text: text.replace("expires_on = 3;", "expires_on = 3;\n  string why = 90;")
    )

    assert breaks(folder) == []
    assert list(broken_for(listeners(), catalogue(described(folder)))) == []

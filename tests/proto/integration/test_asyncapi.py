"""The document of events, as the AsyncAPI initiative's own parser reads it."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.node import node

CHECK = Path(__file__).with_name("asyncapi")
DOCUMENT = Path(__file__).parents[3] / "proto" / "asyncapi.json"

Json = dict[str, Any]


def checked(path: Path) -> "subprocess.CompletedProcess[str]":
    command = [node(CHECK), str(CHECK / "check.mjs"), str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_the_document_is_valid_without_a_warning() -> None:
    answer = checked(DOCUMENT)

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")


def without_messages(document: Json) -> None:
    document["components"]["messages"].clear()


def with_an_unknown_action(document: Json) -> None:
    next(iter(document["operations"].values()))["action"] = "shout"


def without_an_address(document: Json) -> None:
    next(iter(document["channels"].values()))["address"] = 7


@pytest.mark.parametrize("spoil", [without_messages, with_an_unknown_action, without_an_address])
def test_a_wrong_document_would_be_found(spoil: Callable[[Json], None], tmp_path: Path) -> None:
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    spoil(document)
    spoiled = tmp_path / "asyncapi.json"
    spoiled.write_text(json.dumps(document), encoding="utf-8")

    assert checked(spoiled).returncode == 1

"""A registry is understood, or said to be wrong where it is."""

from pathlib import Path

import pytest

from chassis.consumers import Unregistered, registry
from proto.listeners import REGISTRY

GOOD = """
[data-warehouse]
zh = "数据仓库"
en = "data warehouse"
contact = "w@institution.example"
events = ["liheng.customer.v1.HoldingsChanged"]
"""


def read(folder: Path, text: str) -> str:
    """What is said of it."""
    path = folder / "consumers.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Unregistered) as caught:
        registry(path)
    return str(caught.value)


def test_a_consumer_has_a_queue_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "consumers.toml"
    path.write_text(GOOD, encoding="utf-8")

    (consumer,) = registry(path).values()

    assert consumer.queue == "liheng.consumer.data-warehouse"
    assert consumer.readable == r"^liheng\.consumer\.data\-warehouse(\.dead-letters)?$"
    assert consumer.events == ("liheng.customer.v1.HoldingsChanged",)


def test_the_registry_of_the_examples_is_understood() -> None:
    assert set(registry(REGISTRY)) == {"data-warehouse", "core-banking"}


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("[data-warehouse]", "[Data]", "a name is"),
        ("[data-warehouse]", '["a.*"]', "a name is"),
        ("[data-warehouse]", "[data-warehouse", "cannot be read"),
        ('contact = "w@institution.example"', "", "says contact, en, events, zh"),
        ('zh = "数据仓库"', 'zh = "数据仓库"\ntags = "administrator"', "and nothing else"),
        ('["liheng.customer.v1.HoldingsChanged"]', "[]", "a list of events"),
        ('["liheng.customer.v1.HoldingsChanged"]', '"all"', "a list of events"),
        ('["liheng.customer.v1.HoldingsChanged"]', '["#"]', "# is no event"),
        ('["liheng.customer.v1.HoldingsChanged"]', '["liheng.customer.v1.*"]', "is no event"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, was: str, becomes: str, said: str) -> None:
    assert said in read(tmp_path, GOOD.replace(was, becomes))


def test_a_registry_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unregistered, match="cannot be read"):
        registry(tmp_path / "none.toml")

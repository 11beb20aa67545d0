"""Alerts speak of figures that exist: an alert on a name nobody shows would never be heard."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[2]
ALERTS = ROOT / "docs" / "operations" / "alerts.yaml"
OF_THE_BROKER = {
    "rabbitmq_detailed_queue_messages": {"queue"},
    "rabbitmq_detailed_queue_messages_ready": {"queue"},
}
KINDS = {"Counter", "Gauge", "Histogram"}
METRIC = re.compile(r"\b([a-z]+(?:_[a-z]+)+)\b(?!\s*\()")
LABELS = re.compile(r"\bby \(([^)]*)\)")
CHOSEN = re.compile(r"(\w+)=~?\"([^\"]*)\"")
TOLD = re.compile(r"\$labels\.(\w+)")


def shown() -> dict[str, set[str]]:
    """What our processes show, and the labels of each."""
    return {name: labels for file in (ROOT / "chassis").rglob("*.py") for name, labels in of(file)}


def of(file: Path) -> Iterator[tuple[str, set[str]]]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KINDS:
            name, _, labels = map(ast.literal_eval, node.args)
            yield name, set(labels)


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule["alert"]))
def test_an_alert_names_figures_and_labels_that_there_are(rule: dict[str, Any]) -> None:
    known = shown() | OF_THE_BROKER

    (metric,) = set(METRIC.findall(re.sub(r"\"[^\"]*\"", "", rule["expr"])))

    labels = {label for found in LABELS.findall(rule["expr"]) for label in found.split(", ")}
    chosen = {label for label, _ in CHOSEN.findall(rule["expr"])}
    told = {label for text in rule["annotations"].values() for label in TOLD.findall(text)}
    assert metric in known
    assert labels | chosen | told <= known[metric]
    assert not labels or told <= labels
    assert rule["annotations"].keys() == {"summary", "summary_zh"}


def test_alerts_wait_for_outcomes_that_the_inbox_counts() -> None:
    counted = set(re.findall(r"\"(\w+)\"", (ROOT / "chassis" / "inbox.py").read_text()))
    wanted = {
        value
        for rule in rules()
        for name, value in CHOSEN.findall(rule["expr"])
        if name == "outcome"
    }

    assert wanted == {"retried", "held", "dead"} & counted


def test_every_figure_of_the_relay_that_can_go_wrong_has_an_alert() -> None:
    told = " ".join(rule["expr"] for rule in rules())

    unwatched = {name for name in shown() if name.startswith("relay_") and name not in told}

    assert unwatched == {"relay_published_total"}

"""Every service is built alike, so that who knows one knows all."""

import sys

import pytest

from tests.architecture.tree import ROOT, SERVICES, imports, modules

PARTS = (
    "README.md",
    "__main__.py",
    "bootstrap.py",
    "config.py",
    "domain/__init__.py",
    "usecases/ports.py",
    "adapters/tables.py",
    "adapters/database.py",
    "adapters/announcements.py",
    "adapters/queries.py",
    "entrypoints/rpc.py",
    "entrypoints/events.py",
    "migrations",
)
MAY_KNOW = {
    "domain": {"chassis.errors", "chassis.scope"},
    "usecases": {
        "chassis.custodians",
        "chassis.errors",
        "chassis.scope",
        "chassis.trail",
        "chassis.work",
    },
}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_all_its_parts(service: str) -> None:
    missing = [part for part in PARTS if not (ROOT / "services" / service / part).exists()]

    assert missing == []


def test_a_service_is_started_in_the_same_few_lines() -> None:
    starts = {
        (ROOT / "services" / service / "__main__.py")
        .read_text()
        .replace(service, "…")
        .split('"""')[2]
        for service in SERVICES
    }

    assert len(starts) == 1


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("layer", MAY_KNOW)
def test_the_heart_knows_only_itself_and_the_standard_library(service: str, layer: str) -> None:
    inside = tuple(f"services.{service}.{each}" for each in ("domain", "usecases"))

    strange = [
        f"{module}: {imported}"
        for module in modules(f"services/{service}/{layer}")
        for imported in imports(module)
        if imported.split(".")[0] not in sys.stdlib_module_names
        and imported not in MAY_KNOW[layer]
        and not imported.startswith(inside)
    ]

    assert strange == []

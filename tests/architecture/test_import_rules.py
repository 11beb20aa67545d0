"""Every import rule holds, and every one of them can fail."""

from configparser import ConfigParser
from contextlib import ExitStack

import pytest

from tests.architecture.conftest import Copy
from tests.architecture.tree import ROOT, SERVICES

# What breaks each rule: importer and imported.
BREAKS = {
    "layers": [
        ("services.product.domain.product", "services.product.usecases.ports"),
        ("services.product.usecases.ports", "services.product.adapters.queries"),
        ("services.product.adapters.queries", "services.product.entrypoints.rpc"),
        ("services.product.entrypoints.rpc", "services.product.config"),
        ("services.product.config", "services.product.bootstrap"),
        ("services.product.bootstrap", "services.product.__main__"),
    ],
    "changes-through-usecases": [
        ("services.product.entrypoints.rpc", "services.product.adapters.database"),
        ("services.product.entrypoints.rpc", "services.product.adapters.announcements"),
    ],
    "independence": [
        ("services.product.adapters.queries", "services.customer.adapters.queries"),
        ("services.product.domain.product", "gateway.app"),
        ("gateway.app", "services.product.domain.product"),
    ],
    "chassis": [
        ("chassis.clock", "services.product.domain.product"),
        ("chassis.clock", "gateway.app"),
        ("chassis.clock", "liheng.product.v1.events_pb2"),
        ("chassis.trail.rpc", "liheng.customer.v1.customer_pb2"),
        ("chassis.trail.anchors", "liheng.gateway.v1.events_pb2"),
        ("chassis.clock", "deploy.local.clock"),
    ],
    "domain": [
        ("services.product.domain.product", "sqlalchemy"),
        ("services.product.domain.product", "google"),
        ("services.product.domain.product", "liheng.product.v1.events_pb2"),
        ("services.product.usecases.ports", "chassis.database"),
        ("services.product.usecases.ports", "grpc"),
        ("services.product.usecases.ports", "nameko"),
        ("services.product.usecases.ports", "kombu"),
        ("services.product.usecases.ports", "marshmallow"),
        ("services.product.usecases.ports", "eventlet"),
        ("services.product.usecases.ports", "prometheus_client"),
    ],
    "events-without-grpc": [
        ("services.analytics.entrypoints.events", "grpc"),
        ("services.customer.entrypoints.events", "chassis.rpc"),
        ("services.product.usecases.ports", "liheng.product.v1.product_pb2_grpc"),
        ("chassis.envelope", "grpc_status"),
    ],
    "rpc-without-eventlet": [
        ("services.product.entrypoints.rpc", "chassis.dependencies"),
        ("chassis.rpc", "eventlet"),
        ("gateway.app", "nameko"),
    ],
    "bootstrap": [
        ("services.product.entrypoints.rpc", "services.product.bootstrap"),
        ("gateway.app", "services.product.bootstrap"),
    ],
    "deploy": [
        ("services.product.bootstrap", "deploy.local.clock"),
        ("gateway.app", "deploy.local.clock"),
        ("chassis.clock", "deploy.local.clock"),
        ("gateway.app", "examples"),
        ("gateway.app", "tests"),
    ],
}

BREAKS["answers-operations"] = [
    ("chassis.dead_letters", "liheng.operations.v1.operations_pb2"),
    ("services.product.config", "liheng.operations.v1.operations_pb2_grpc"),
]
BREAKS["answers-trail"] = [
    ("chassis.database", "liheng.trail.v1.trail_pb2"),
    ("services.product.config", "liheng.trail.v1.trail_pb2_grpc"),
]

# Who has no reason to listen to a service.
NOT_LISTENING = {
    "analytics": "services.product.config",
    "customer": "deploy.local.clock",
    "product": "gateway.app",
    "recording": "services.product.config",
    "suitability": "services.product.config",
    "workflow": "services.product.config",
}
for service in SERVICES:
    asking = "workflow" if service == "product" else "product"
    answers, tells = f"liheng.{service}.v1.{service}_pb2", f"liheng.{service}.v1.events_pb2"
    BREAKS[f"answers-{service}"] = [
        (f"services.{asking}.config", answers),
        (f"services.{asking}.config", f"{answers}_grpc"),
    ]
    BREAKS[f"tells-{service}"] = [(NOT_LISTENING[service], tells)]


@pytest.fixture(scope="module")
def contracts() -> ConfigParser:
    config = ConfigParser()
    config.read(ROOT / ".importlinter")
    return config


def section(contract: str) -> str:
    return f"importlinter:contract:{contract}"


def test_the_tree_keeps_every_rule(copy: Copy) -> None:
    linted = copy.lint()

    assert linted.returncode == 0, linted.stdout


def test_every_rule_is_broken_here(contracts: ConfigParser) -> None:
    rules = {name for name in contracts.sections() if name.startswith(section(""))}

    assert rules == {section(contract) for contract in BREAKS}


@pytest.mark.parametrize("contract", BREAKS)
def test_a_broken_rule_is_seen(copy: Copy, contracts: ConfigParser, contract: str) -> None:
    with ExitStack() as broken:
        for importer, imported in BREAKS[contract]:
            broken.enter_context(copy.with_import(importer, imported))
        linted = copy.lint(contract)

    assert linted.returncode != 0
    assert f"{contracts[section(contract)]['name']} BROKEN" in linted.stdout
    for importer, imported in BREAKS[contract]:
        assert f"{importer} -> {imported}" in linted.stdout


def test_every_service_has_the_same_layers(copy: Copy, contracts: ConfigParser) -> None:
    containers = contracts[section("layers")]["containers"].split()

    with copy.with_import("services.product.sundries", "decimal"):
        linted = copy.lint("layers")

    assert containers == [f"services.{service}" for service in SERVICES]
    assert "services.product.sundries" in linted.stdout

"""What is imported is asked for, what is asked for is pinned and explained."""

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from tests.architecture.tree import ROOT, SHIPPED, imports, modules

OURS = {*SHIPPED, "liheng"}
NAME = re.compile(r"[A-Za-z0-9_.-]+")
ROW = re.compile(r"^\| (?P<name>[\w.-]+) \| (?P<version>\d[\w.]*) \|", re.MULTILINE)


def plain(name: str) -> str:
    """As package indexes compare names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for() -> dict[str, list[str]]:
    """Package names by purpose: the empty one is what services need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = {"": project["dependencies"], **project["optional-dependencies"]}
    return {
        purpose: [plain(match[0]) for wish in wishes if (match := NAME.match(wish))]
        for purpose, wishes in groups.items()
    }


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().split()
    return {plain(name): version for name, _, version in (line.partition("==") for line in lines)}


def foreign_imports() -> Iterator[tuple[str, set[str]]]:
    """What is shipped imports, and the packages each may come from."""
    come_from = packages_distributions()
    for module in modules(*SHIPPED):
        for imported in imports(module):
            top = imported.partition(".")[0]
            if top not in OURS and top not in sys.stdlib_module_names:
                yield f"{module}: {imported}", {plain(each) for each in come_from.get(top, ())}


def test_what_is_shipped_imports_only_what_it_asks_for() -> None:
    wanted = set(asked_for()[""])

    borrowed = [said for said, packages in foreign_imports() if not packages & wanted]

    assert borrowed == []


def test_every_package_asked_for_is_pinned_and_explained() -> None:
    versions = pinned()
    page = (ROOT / "docs" / "dependencies.md").read_text()

    explained = {plain(row["name"]): row["version"] for row in ROW.finditer(page)}

    wanted = {name for names in asked_for().values() for name in names}
    assert explained == {name: versions.get(name) for name in wanted}

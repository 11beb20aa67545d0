"""The built-in scripts, one file per kind of product."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from services.recording.domain.regime import ProductKind
from services.recording.domain.script import BuiltInNode, ScriptNode

FOLDER = Path(__file__).parent.parent / "scripts"


class ScriptFiles:
    def built_in(self, kind: ProductKind) -> Sequence[BuiltInNode]:
        return _read(kind)


@cache
def _read(kind: ProductKind) -> tuple[BuiltInNode, ...]:
    document = tomllib.loads((FOLDER / f"{kind}.toml").read_text(encoding="utf-8"))
    return tuple(_node(dict(node)) for node in document["node"])


def _node(written: Mapping[str, Any]) -> BuiltInNode:
    said = dict(written)
    lines, designs = said.pop("lines", ()), said.pop("designs", ())
    return BuiltInNode(ScriptNode(**said), frozenset(lines), frozenset(designs))

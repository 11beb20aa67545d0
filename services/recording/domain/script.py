"""What must be said, and what the client must answer, in a recording."""

from collections.abc import Iterable
from dataclasses import dataclass

Script = tuple["ScriptNode", ...]


@dataclass(frozen=True)
class ScriptNode:
    node_id: str
    title_zh: str
    title_en: str
    say_zh: str
    answer_required: bool  # the client must say yes


@dataclass(frozen=True)
class BuiltInNode:
    """A node of a built-in script; for some lines and designs of insurance only, if it says so."""

    node: ScriptNode
    lines: frozenset[str] = frozenset()
    designs: frozenset[str] = frozenset()

    def fits(self, line: str, design: str) -> bool:
        return (not self.lines or line in self.lines) and (
            not self.designs or design in self.designs
        )


def script_for(nodes: Iterable[BuiltInNode], line: str = "", design: str = "") -> Script:
    return tuple(each.node for each in nodes if each.fits(line, design))

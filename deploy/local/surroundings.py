"""The environment every process of the stack starts from: little of the caller's own.

What works here must not depend on somebody's shell.
"""

import os
from pathlib import Path

from deploy.local import strays

KEPT = ("PATH", "HOME", "USER", "TMPDIR")


def surroundings(home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "LANG": "C.UTF-8", strays.VARIABLE: strays.mark(home)}


def given_by_supervisor() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if name.startswith("SUPERVISOR_")}

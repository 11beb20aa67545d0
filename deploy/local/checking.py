"""`make test` and `make check`."""

import os
import subprocess
from collections.abc import Mapping, Sequence

from deploy.local import environment
from deploy.local.say import say
from deploy.local.settings import CHECKOUT, Settings
from deploy.local.stack import Stack, servers_up
from deploy.local.stopping import stop

# Half of the time of the whole suite is waiting; a file stays together, with its servers.
WHOLE_SUITE = ("-n", str(max(3, os.cpu_count() or 1)), "--dist", "loadfile")
UNIT_TESTS = ("-q", "-m", "not integration", "-n", "auto")
CHECKS: dict[str, tuple[str, ...]] = {
    "style": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
    "types": ("mypy", "."),
    "import rules": ("lint-imports",),
    "contract style": ("buf", "lint", "proto"),
    "contracts follow proto/": ("python", "proto/generate.py", "--check"),
    "events are written down": ("python", "proto/documents.py", "--check"),
    "contracts only grow": ("buf", "breaking", "proto", "--against", "proto/released.binpb"),
    "unit tests": ("pytest", *UNIT_TESTS),
}


def test(settings: Settings, arguments: Sequence[str]) -> int:
    """pytest's exit code. Servers that had to be started for it are stopped again."""
    stack = Stack.of(settings)
    started = servers_up(stack)
    try:
        chosen = arguments or WHOLE_SUITE
        return tool(("pytest", *chosen), environment.of_tests(settings, stack.secrets))
    finally:
        if started:
            stop(settings)


def check() -> int:
    """Everything that needs no server; all of it, even when something fails early."""
    failed = [title for title, command in CHECKS.items() if run_check(title, command)]
    say(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed")
    return 1 if failed else 0


def run_check(title: str, command: Sequence[str]) -> int:
    say(f"\n{title}: {' '.join(command)}")
    return tool(command, {})


def tool(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a command of the virtual environment."""
    folder = CHECKOUT / ".venv" / "bin"
    path = f"{folder}:{os.environ['PATH']}"
    line = [str(folder / command[0]), *command[1:]]
    return subprocess.run(
        line, cwd=CHECKOUT, env={**os.environ, **environ, "PATH": path}
    ).returncode

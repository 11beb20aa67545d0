"""The virtual environment: exactly the versions in constraints.txt."""

import shutil
import subprocess
import sys
import tomllib
import venv
from hashlib import sha256
from pathlib import Path

from deploy.local.say import Problem, say

EXTRAS = ("local", "dev")
NOTHING_TO_DO = "Requirement already satisfied"
IMPORT_ROOTS = (".", "contracts")


def bring_up_to_date(checkout: Path) -> None:
    """Nothing happens unless what it is made from has changed."""
    folder = checkout / ".venv"
    stamp, wanted = folder / "made-from", fingerprint(checkout)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"Installing the Python packages of constraints.txt into {folder} (a minute or two)")
    make(folder)
    install(checkout, folder)
    add_import_roots(checkout, folder)
    stamp.write_text(wanted)


def fingerprint(checkout: Path) -> str:
    """Changes with the wanted packages, the interpreter and the place of the checkout."""
    pinned = (checkout / "constraints.txt").read_text()
    parts = [*requirements(checkout), pinned, str(checkout), sys.version]
    return sha256("\n".join(parts).encode()).hexdigest()


def make(folder: Path) -> None:
    """Keep an environment that fits: pip then changes only what differs."""
    if fits(folder):
        return
    if folder.exists():
        shutil.rmtree(folder)
    venv.create(folder, with_pip=True, symlinks=True)


def fits(folder: Path) -> bool:
    ask = "import pip, sys; print(sys.version, sys.prefix)"
    try:
        answer = subprocess.run([folder / "bin/python", "-c", ask], capture_output=True, text=True)
    except OSError:
        return False
    return answer.stdout.strip() == f"{sys.version} {folder}" and not moved(folder)


def moved(folder: Path) -> bool:
    """The scripts in it name the place where they were installed."""
    return str(folder) not in (folder / "bin/pip").read_text()


def install(checkout: Path, folder: Path) -> None:
    pip_install = [str(folder / "bin/pip"), "install", "--disable-pip-version-check"]
    command = [*pip_install, "-c", str(checkout / "constraints.txt"), *requirements(checkout)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as pip:
        for line in pip.stdout or ():
            if not line.startswith(NOTHING_TO_DO):
                say(line.rstrip())
    if pip.returncode:
        raise Problem("pip could not install the Python packages, see above")


def requirements(checkout: Path) -> list[str]:
    project = tomllib.loads((checkout / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    return [*project["dependencies"], *(name for extra in EXTRAS for name in extras[extra])]


def add_import_roots(checkout: Path, folder: Path) -> None:
    packages = next(folder.glob("lib/python*/site-packages"))
    lines = [f"{(checkout / root).resolve()}\n" for root in IMPORT_ROOTS]
    (packages / "liheng.pth").write_text("".join(lines))

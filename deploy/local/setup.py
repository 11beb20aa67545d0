"""Install what is missing: Debian packages, then a virtual environment from constraints.txt.

Runs on the system's Python before anything is installed: standard library only.
"""

import os
import sys
from fcntl import LOCK_EX, flock
from pathlib import Path

from deploy.local import packages, venv
from deploy.local.say import Problem, explain

CHECKOUT = Path(__file__).resolve().parents[2]
OLDEST, NEWEST = (3, 11), (3, 12)


def main() -> None:
    check_python()
    one_at_a_time()
    packages.install_missing()
    venv.bring_up_to_date(CHECKOUT)


def check_python() -> None:
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        found = ".".join(map(str, sys.version_info[:3]))
        raise Problem(
            f"Python 3.11 or 3.12 is needed and this is {found} ({sys.executable}); "
            "name another with `make PYTHON=/path/to/python3.11 …`"
        )


def one_at_a_time() -> None:
    """Two makes started together set up one after the other; the lock ends with the process."""
    flock(os.open(CHECKOUT, os.O_RDONLY), LOCK_EX)


if __name__ == "__main__":
    with explain():
        main()

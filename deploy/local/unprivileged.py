"""PostgreSQL refuses to run as root: root runs it as nobody.

Nobody may not enter a checkout below folders that are closed to others, so the one capability
that lets it pass through and read them comes along. No permission of any folder is changed.
"""

import os
import pwd
import shutil
from pathlib import Path

from deploy.local.say import Problem

OTHER_USER = "nobody"
# From linux/capability.h; the narrower one first: containers often have only the other.
PASSES_FOLDERS = {"dac_read_search": 2, "dac_override": 1}


def as_other_user() -> tuple[str, ...]:
    """What to put before a command that must not run as root."""
    if os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise Problem("setpriv is missing: run `make setup`")
    user = pwd.getpwnam(OTHER_USER)
    change = (f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")
    return (setpriv, *change, *_with_capability(), "--")


def _with_capability() -> tuple[str, ...]:
    name = next((name for name, bit in PASSES_FOLDERS.items() if _bounding_set() >> bit & 1), "")
    if not name:
        return ()
    # access(2) forgets capabilities of anyone but root unless told not to.
    keep_in_access = ("--securebits=+no_setuid_fixup",)
    return (f"--inh-caps=+{name}", f"--ambient-caps=+{name}", *keep_in_access)


def _bounding_set() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapBnd:"):
            return int(line.split()[1], 16)
    return 0


def own(path: Path) -> None:
    """Hand a file or folder over to the user PostgreSQL runs as."""
    if os.geteuid() == 0:
        user = pwd.getpwnam(OTHER_USER)
        os.chown(path, user.pw_uid, user.pw_gid)

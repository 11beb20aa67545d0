"""python -m deploy.local.identity: run the provider; … token STAFF_ID: print an access token."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from deploy.local import settings
from deploy.local.environment import AUDIENCE
from deploy.local.identity import configuration, institution
from deploy.local.identity.tokens import token_for
from deploy.local.say import explain, say
from deploy.local.secrets import Secrets


def main(argv: Sequence[str]) -> None:
    if len(argv) == 2 and argv[0] == "token":
        say(token_for(argv[1]))
    elif argv:
        sys.exit("usage: python -m deploy.local.identity [token STAFF_ID]")
    else:
        run(settings.read())


def run(here: settings.Settings) -> NoReturn:
    """Become the provider, so that whoever supervises this process supervises it."""
    folder = here.home / "identity"
    configuration.write(
        folder,
        here.url("identity"),
        AUDIENCE,
        institution.read(),
        Secrets(here.home / "secrets"),
    )
    program = str(Path(sys.executable).with_name("nanoidp"))
    os.chdir(folder)
    os.execv(program, [program, "--config", str(folder), "--strict-config"])


if __name__ == "__main__":
    with explain():
        main(sys.argv[1:])

"""`make clean`: back to a fresh clone."""

import shutil

from deploy.local.say import say
from deploy.local.settings import CHECKOUT, Settings
from deploy.local.stopping import stop


def clean(settings: Settings) -> None:
    stop(settings)
    for folder in (settings.home, settings.sockets, CHECKOUT / ".venv"):
        if folder.exists():
            say(f"Removing {folder}")
            shutil.rmtree(folder)

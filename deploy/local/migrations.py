"""Bring every database up to date, those of services and the gateway's."""

import subprocess
import sys
from collections.abc import Mapping, Sequence

from deploy.local import application, environment
from deploy.local.ports import OWNERS, SERVICES
from deploy.local.say import Problem, say
from deploy.local.secrets import Secrets
from deploy.local.settings import CHECKOUT, Settings
from deploy.local.surroundings import surroundings


def run(settings: Settings, secrets: Secrets) -> None:
    say(f"Migrating {', '.join(OWNERS)}")
    of_services = environment.of_services(settings, secrets, SERVICES)
    migrate(settings, application.local("process", "migrate", *SERVICES), of_services)
    say("Sealing what an earlier release kept in clear")
    migrate(settings, application.local("process", "reseal", *SERVICES), of_services)
    of_store = environment.of_store(settings, secrets)
    migrate(settings, (sys.executable, "-m", "gateway", "migrate"), of_store)


def migrate(settings: Settings, command: Sequence[str], environ: Mapping[str, str]) -> None:
    everything = {**surroundings(settings.home), **environ, **settings.environ()}
    if subprocess.run(command, cwd=CHECKOUT, env=everything).returncode:
        raise Problem("a migration failed, see above; nothing was started")

"""Bring every service's database up to date, in a process of its own."""

import subprocess

from deploy.local import application, environment
from deploy.local.ports import SERVICES
from deploy.local.say import Problem, say
from deploy.local.secrets import Secrets
from deploy.local.settings import CHECKOUT, Settings
from deploy.local.surroundings import surroundings


def run(settings: Settings, secrets: Secrets) -> None:
    say(f"Migrating {', '.join(SERVICES)}")
    environ = surroundings(settings.home) | environment.of_services(settings, secrets, SERVICES)
    command = application.local("process", "migrate", *SERVICES)
    done = subprocess.run(command, cwd=CHECKOUT, env=environ | settings.environ())
    if done.returncode:
        raise Problem("a migration failed, see above; nothing was started")

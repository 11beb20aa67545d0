"""A command of the application, with the environment of this stack: what an operator runs."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from deploy.local import environment
from deploy.local.ports import SERVICES
from deploy.local.say import Problem
from deploy.local.settings import CHECKOUT, Settings
from deploy.local.stack import Stack

USAGE = 'usage: make operate DO="services.customer dead-letters list"'


def become(settings: Settings, words: Sequence[str]) -> NoReturn:
    """This process becomes `python -m words`, in the folder of the application."""
    if not words:
        raise Problem(USAGE)
    os.chdir(CHECKOUT)
    told = os.environ | surroundings(Stack.of(settings))
    os.execve(sys.executable, [sys.executable, "-m", *words], told)


def surroundings(stack: Stack) -> dict[str, str]:
    """What all processes together know."""
    return {
        **stack.settings.environ(),
        **environment.of_services(stack.settings, stack.secrets, SERVICES),
        **environment.of_store(stack.settings, stack.secrets),
    }

"""`make run` and `make status`: the stack as its user sees it."""

import sys
from dataclasses import replace

from deploy.local import guide, journey, logs, report, servers, stack
from deploy.local.clock import shown
from deploy.local.probing import answers
from deploy.local.program import SERVERS, Program
from deploy.local.say import say
from deploy.local.settings import Settings
from deploy.local.stack import Stack


def run(settings: Settings) -> int:
    """Start everything, walk the journey, say where to look; on a terminal, report until ^C."""
    running = Stack.of(settings)
    stack.up(running)
    journey.walk(settings)
    say(guide.where_to_look(running))
    if sys.stdout.isatty():
        say("\nWhat dies is reported here. Ctrl-C leaves the stack up; `make stop` stops it.")
        watch(settings)
    return 0


def watch(settings: Settings) -> None:
    try:
        logs.follow([report.path(settings)])
    except KeyboardInterrupt:
        say("\nThe stack stays up. `make stop` stops it.")


def status(settings: Settings) -> int:
    """0 when everything is up and ready, in whichever packing it was started."""
    states = {state["name"]: state for state in Stack.of(settings).supervisor.states()}
    if not states:
        say("The stack is not running; `make run` starts it")
        return 1
    running = Stack.of(replace(settings, split="rpc" not in states))
    ready = [describe(running, program, states) for program in running.programs()]
    say(f"time: {shown(settings.clock_offset)}")
    return 0 if all(ready) else 1


def describe(running: Stack, program: Program, states: dict[str, dict[str, str]]) -> bool:
    state = states.get(program.name, {"statename": "MISSING", "description": ""})
    ready = state["statename"] in ("RUNNING", "STARTING") and is_ready(running, program)
    ports = " ".join(str(running.settings.ports[port]) for port in program.ports)
    word = "ready" if ready else state["statename"].lower()
    say(f"{program.name:<24}{word:<10}{state['description'][:34]:<36}{ports}")
    return ready


def is_ready(running: Stack, program: Program) -> bool:
    if program.group == SERVERS:
        return servers.is_ready(running.settings, running.secrets, program.name)
    return answers(program.readiness)

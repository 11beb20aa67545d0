"""python -m deploy.local COMMAND: what the Makefile calls.

Each command imports what it needs when it is called: `setup`, `stop`, `clean` and `logs` work on
the system's Python, before there is a virtual environment or after it broke.
"""

import argparse
import sys
from collections.abc import Callable, Sequence

from deploy.local import settings as settings_of
from deploy.local.say import explain, say
from deploy.local.settings import Settings

Command = Callable[[Settings, Sequence[str]], int]


def setup(_: Settings, __: Sequence[str]) -> int:
    from deploy.local import setup as installation

    installation.main()
    return 0


def servers(settings: Settings, _: Sequence[str]) -> int:
    from deploy.local import environment, stack

    running = stack.Stack.of(settings)
    stack.servers_up(running)
    for name, value in environment.of_tests(settings, running.secrets).items():
        say(f"{name}={value}")
    return 0


def up(settings: Settings, _: Sequence[str]) -> int:
    from deploy.local import stack

    stack.up(stack.Stack.of(settings))
    return 0


def run(settings: Settings, _: Sequence[str]) -> int:
    from deploy.local import showing

    return showing.run(settings)


def status(settings: Settings, _: Sequence[str]) -> int:
    from deploy.local import showing

    return showing.status(settings)


def logs(settings: Settings, _: Sequence[str]) -> int:
    from deploy.local import logs as shown_logs

    shown_logs.show(settings)
    return 0


def stop(settings: Settings, _: Sequence[str]) -> int:
    from deploy.local import stopping

    stopping.stop(settings)
    return 0


def clean(settings: Settings, _: Sequence[str]) -> int:
    from deploy.local import removing

    removing.clean(settings)
    return 0


def clock(settings: Settings, by: Sequence[str]) -> int:
    from deploy.local import clock as local_clock

    if by:
        local_clock.forward(settings.clock_offset, local_clock.duration(by[0]))
    say(local_clock.shown(settings.clock_offset))
    return 0


def operate(settings: Settings, words: Sequence[str]) -> int:
    from deploy.local import operating

    operating.become(settings, words)


def test(settings: Settings, arguments: Sequence[str]) -> int:
    from deploy.local import checking

    return checking.test(settings, arguments)


def check(_: Settings, __: Sequence[str]) -> int:
    from deploy.local import checking

    return checking.check()


def bench(settings: Settings, _: Sequence[str]) -> int:
    from deploy.local import measuring

    return measuring.bench(settings)


def migration(settings: Settings, arguments: Sequence[str]) -> int:
    from deploy.local import drafting

    service, title = (*arguments, "", "")[:2]
    drafting.migration(settings, service, title)
    return 0


def launch(settings: Settings, arguments: Sequence[str]) -> int:
    from deploy.local.launch import launch as become

    become(settings, arguments[0])


def process(settings: Settings, arguments: Sequence[str]) -> int:
    from deploy.local import process as service_process

    service_process.run(settings, arguments[0], arguments[1:])
    return 0


def report(settings: Settings, _: Sequence[str]) -> int:
    from deploy.local import report as listener

    listener.listen(settings)
    return 0


RUNNING_IT = (setup, servers, up, run, status, logs, stop, clean, clock, operate)
WORKING_ON_IT = (test, check, bench, migration)
OF_THE_SUPERVISOR = (launch, process, report)
COMMANDS: dict[str, Command] = {
    command.__name__: command for command in (*RUNNING_IT, *WORKING_ON_IT, *OF_THE_SUPERVISOR)
}


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.local")
    parser.add_argument("command", choices=COMMANDS, metavar="command", help=", ".join(COMMANDS))
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    chosen = parser.parse_args(argv)
    return COMMANDS[chosen.command](settings_of.read(), chosen.arguments)


if __name__ == "__main__":
    with explain():
        sys.exit(main(sys.argv[1:]))

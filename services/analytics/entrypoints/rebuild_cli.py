"""python -m services.analytics rebuild: count everything again, from the logs of the others."""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chassis import topology
from chassis.replay.__main__ import main as replay
from chassis.subscriptions import types_of

SURE = "--drop-what-was-counted"


class Rebuild:
    """Dashboards start from nothing and fill up again while it runs; live events go on."""

    def __init__(
        self, forget: Callable[[], None], service: type[Any], environ: Mapping[str, str]
    ) -> None:
        self._forget = forget
        self._sources = by_source(types_of(service))
        self._inbox = topology.inbox_of(service.name)
        self._environ = environ

    def __call__(self, argv: Sequence[str]) -> int:
        """0 when every log was replayed, 1 when one was not, 2 when not understood."""
        parser = argparse.ArgumentParser("python -m services.analytics rebuild")
        parser.add_argument(SURE, action="store_true", required=True, help="yes, all of it")
        parser.parse_args(argv)
        missing = [source for source in self._sources if not self._reaches(source)]
        if missing:
            print(f"needs LIHENG_<SOURCE>_DATABASE_URL of {', '.join(missing)}", file=sys.stderr)
            return 2
        self._forget()
        print("what was counted is gone; it is counted again", flush=True)
        return max(self._replay(source) for source in self._sources)

    def _reaches(self, source: str) -> bool:
        return bool(self._environ.get(f"LIHENG_{source.upper()}_DATABASE_URL"))

    def _replay(self, source: str) -> int:
        types = [word for name in self._sources[source] for word in ("--type", name)]
        command = ["start", source, "--queue", self._inbox, *types]
        return replay(command, self._environ)


def by_source(types: frozenset[str]) -> dict[str, list[str]]:
    """Full names of events by the service that announces them."""
    sources: dict[str, list[str]] = defaultdict(list)
    for name in sorted(types):
        sources[name.split(".")[1]].append(name)
    return dict(sources)

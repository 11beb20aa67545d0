"""python -m chassis.consumers list|admit|dismiss: systems of the institution that live from events.

Which system hears what is data: a registry in TOML, reviewed like code. A system that is admitted
gets a user of its own, a queue of its own with the events it is registered for, and may do nothing
but take them.
"""

import argparse
import os
import re
import secrets
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from kombu.utils.url import parse_url

from chassis import topology
from chassis.config import ConfigurationError, read
from chassis.publishing import BROKER_ERRORS

NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")
TYPE = re.compile(r"liheng(\.[a-z][a-z0-9_]*)+\.[A-Z][A-Za-z0-9]*")
NOTHING = "^$"
FIELDS = {"zh", "en", "contact", "events"}


@dataclass(frozen=True, kw_only=True)
class ConsumersConfig:
    """Where the broker is, as its administrator reaches it, and what is registered."""

    amqp_url: str = field(repr=False)
    amqp_api: str = field(repr=False)  # http://user:password@host:15672
    consumers: Path


class Unregistered(Exception):
    """What is wrong with the registry, or with what was asked of it; in both languages."""


@dataclass(frozen=True)
class Consumer:
    name: str
    zh: str
    en: str
    contact: str
    events: tuple[str, ...]

    @property
    def user(self) -> str:
        """Of the broker; never one that was there for something else."""
        return f"consumer.{self.name}"

    @property
    def queue(self) -> str:
        return f"liheng.consumer.{self.name}"

    @property
    def dead_letters(self) -> str:
        return f"{self.queue}.dead-letters"

    @property
    def readable(self) -> str:
        """The queues its user may read, as RabbitMQ matches them."""
        return f"^{re.escape(self.queue)}(\\.dead-letters)?$"


def registry(path: Path) -> dict[str, Consumer]:
    """Consumers by name. Raise Unregistered with what is wrong and where."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unregistered(f"{path} cannot be read: {error}；无法读取登记文件") from None
    return {name: _consumer(path, name, told) for name, told in document.items()}


def _consumer(path: Path, name: str, told: object) -> Consumer:
    where = f"{path}: [{name}]"
    if not NAME.fullmatch(name):
        raise Unregistered(f"{where}: a name is 2 to 40 of a-z 0-9 -；名称不符")
    if not isinstance(told, dict) or told.keys() != FIELDS:
        raise Unregistered(f"{where}: says {', '.join(sorted(FIELDS))}, and nothing else；字段不符")
    events = told["events"]
    if not isinstance(events, list) or not events or len(set(map(str, events))) < len(events):
        raise Unregistered(f"{where}.events: a list of events, each once；须列出事件且不重复")
    for event in events:
        if not TYPE.fullmatch(str(event)):
            raise Unregistered(f"{where}.events: {event} is no event；不是事件名称")
    return Consumer(name, str(told["zh"]), str(told["en"]), str(told["contact"]), tuple(events))


class Broker:
    """The broker, as its administrator."""

    def __init__(self, config: ConsumersConfig) -> None:
        self._amqp_url = config.amqp_url
        self._vhost = quote(str(parse_url(config.amqp_url)["virtual_host"]), safe="")
        self._api = httpx.Client(base_url=config.amqp_api, trust_env=False, timeout=30)

    def __enter__(self) -> "Broker":
        return self

    def __exit__(self, *_: object) -> None:
        self._api.close()

    def admit(self, consumer: Consumer, password: str) -> None:
        """Queues first, so that nothing is missed; admitting again changes what has changed."""
        self._declare(consumer)
        self._put(f"/api/users/{consumer.user}", {"password": password, "tags": ""})
        allowed = {"configure": NOTHING, "write": NOTHING, "read": consumer.readable}
        self._put(f"/api/permissions/{self._vhost}/{consumer.user}", allowed)

    def dismiss(self, consumer: Consumer) -> None:
        """The user goes; the queues stay, with what waits in them, unbound."""
        self._api.delete(f"/api/users/{consumer.user}")
        self._unbind(consumer, keep=())

    def _declare(self, consumer: Consumer) -> None:
        with topology.connected(self._amqp_url) as connection:
            topology.declare_intake(
                connection.channel(), consumer.queue, consumer.dead_letters, consumer.events
            )
        self._unbind(consumer, keep=consumer.events)

    def _unbind(self, consumer: Consumer, keep: Sequence[str]) -> None:
        for bound in self._bindings(consumer):
            if bound["source"] and bound["routing_key"] not in keep:
                path = f"/api/bindings/{self._vhost}/e/{bound['source']}/q/{consumer.queue}"
                self._api.delete(f"{path}/{bound['properties_key']}").raise_for_status()

    def _bindings(self, consumer: Consumer) -> list[dict[str, Any]]:
        answer = self._api.get(f"/api/queues/{self._vhost}/{consumer.queue}/bindings")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return []
        return list(answer.raise_for_status().json())

    def _put(self, path: str, body: Mapping[str, str]) -> None:
        self._api.put(path, json=dict(body)).raise_for_status()


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """0 done, 1 not done, 2 not understood."""
    asked = _arguments().parse_args(argv)
    try:
        config = read(ConsumersConfig, "consumers", environ)
        known = registry(config.consumers)
        if asked.command == "list":
            return show(known)
        with Broker(config) as broker:
            return COMMANDS[asked.command](broker, _known(known, asked.name))
    except (ConfigurationError, Unregistered) as error:
        print(error, file=sys.stderr)
        return 2
    except (httpx.HTTPError, *BROKER_ERRORS) as error:
        print(
            f"the broker cannot be reached, or refuses: {error}；无法连接消息代理", file=sys.stderr
        )
        return 1


def show(known: Mapping[str, Consumer]) -> int:
    for consumer in known.values():
        print(f"{consumer.name}\t{consumer.zh} {consumer.en}\t{consumer.contact}")
        for event in consumer.events:
            print(f"\t{event}")
    return 0


def admit(broker: Broker, consumer: Consumer) -> int:
    password = secrets.token_urlsafe(24)
    broker.admit(consumer, password)
    print(f"user {consumer.user}, password {password}, queue {consumer.queue}")
    print("the password is shown this once；密码仅显示一次", file=sys.stderr)
    return 0


def dismiss(broker: Broker, consumer: Consumer) -> int:
    broker.dismiss(consumer)
    print(f"{consumer.name} is out; {consumer.queue} stays until you delete it")
    return 0


def _known(known: Mapping[str, Consumer], name: str) -> Consumer:
    if name not in known:
        raise Unregistered(f"{name} is not registered；未登记")
    return known[name]


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m chassis.consumers")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="who is registered for what")
    one = commands.add_parser("admit", help="make its queues and its user, or a new password")
    one.add_argument("name")
    gone = commands.add_parser("dismiss", help="take its user away; its queues stay")
    gone.add_argument("name")
    return parser


COMMANDS = {"admit": admit, "dismiss": dismiss}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Where webhooks may go: addresses on the public internet, and networks that are let in by name."""

import re
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

from chassis.errors import Invalid

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST = 500  # characters of a URL
# One spelling only: no user, no fragment, no backslash, nothing that has to be decoded first.
URL = re.compile(
    r"https?://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"
    r"(\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
)
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
GLOBAL_UNICAST = IPv6Network("2000::/3")


def is_public(address: Address) -> bool:
    """Nothing inside a house, and nothing that stands for such an address in another family."""
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved
    wrapped = address.sixtofour or address.teredo
    plain = address.scope_id is None and address in GLOBAL_UNICAST and wrapped is None
    return plain and address.is_global


@dataclass(frozen=True)
class Reachable:
    """*let_in*: networks that may be reached although they are not public."""

    let_in: tuple[Network, ...] = ()

    @classmethod
    def read(cls, networks: str) -> "Reachable":
        """Separated by commas. Raises ValueError."""
        return cls(tuple(ip_network(each.strip()) for each in networks.split(",") if each.strip()))

    def allows(self, text: str) -> bool:
        """An address as the resolver gives it."""
        try:
            address = ip_address(text)
        except ValueError:
            return False
        return is_public(address) or self._lets_in(address)

    def check(self, url: str) -> None:
        """Raise Invalid unless webhooks may be sent there, as far as the URL itself tells."""
        if len(url) > LONGEST or not URL.fullmatch(url):
            raise not_a_url()
        split = urlsplit(url)
        host = split.hostname or ""
        try:
            port = split.port
        except ValueError:
            raise not_a_url() from None
        if port == 0:
            raise not_a_url()
        literal = _literal(host)
        if literal is None and not self._is_name(host):
            raise not_a_url()
        if literal is not None and not self.allows(host):
            raise not_public()
        if split.scheme != "https" and not (literal and literal.is_loopback):
            raise not_secure()

    def _lets_in(self, address: Address) -> bool:
        return any(address in network for network in self.let_in)

    def _is_name(self, host: str) -> bool:
        """A name with a domain, which no resolver could read as a number."""
        labels = host.split(".")
        looks_numeric = labels[-1].isdigit() or labels[-1].startswith("0x")
        return (
            len(labels) > 1
            and len(host) <= 253
            and not looks_numeric
            and all(LABEL.fullmatch(label) for label in labels)
        )


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def not_a_url() -> Invalid:
    return Invalid(
        "not_a_webhook_url",
        "must be a plain https URL in lower-case ASCII, without user and fragment",
        "必须是规范的 https 地址：小写 ASCII 主机名，不含用户名与片段",
        field="url",
    )


def not_secure() -> Invalid:
    return Invalid("webhook_not_secure", "must be https", "必须使用 https", field="url")


def not_public() -> Invalid:
    return Invalid(
        "webhook_not_public",
        "webhooks are not sent to private, local or reserved addresses",
        "不能向私有、本机或保留地址发送",
        field="url",
    )


PUBLIC = Reachable()

"""Where webhooks may go, against every spelling of where they may not."""

from ipaddress import ip_address

import pytest

from chassis.errors import Invalid
from gateway.webhooks.addresses import Reachable, is_public

NOWHERE_ELSE = Reachable()
WITH_LOOPBACK = Reachable.read("127.0.0.0/8, ::1/128")

PUBLIC = ["8.8.8.8", "1.1.1.1", "223.5.5.5", "2606:4700:4700::1111", "2400:3200::1"]

NOT_PUBLIC = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.8.9.10",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "fc00::1",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "2606:4700:4700::1111%eth0",
    "ff02::1",
    "ff0e::1",
]

GOOD_URLS = [
    "https://hooks.example.com",
    "https://hooks.example.com/",
    "https://hooks.example.com:8443/in/liheng?tenant=1&x=%20",
    "https://xn--fiqs8s.example.cn/",
    "https://8.8.8.8/hook",
    "https://[2606:4700:4700::1111]:443/hook",
]

BAD_URLS = [
    "",
    "hooks.example.com",
    "ftp://hooks.example.com/",
    "file:///etc/passwd",
    "HTTPS://hooks.example.com/",
    "https://HOOKS.example.com/",
    "https://user@hooks.example.com/",
    "https://user:word@hooks.example.com/",
    "https://8.8.8.8@127.0.0.1/",
    "https://hooks.example.com#fragment",
    "https://hooks.example.com\\@127.0.0.1/",
    "https://hooks.example.com/\r\nHost: x",
    "https://hooks.example.com/\n",
    " https://hooks.example.com/",
    "https://hooks.example.com/a b",
    "https://hooks.example.com./",
    "https://.example.com/",
    "https://a..example.com/",
    "https://-a.example.com/",
    "https://localhost/",
    "https://intranet/",
    "https://2130706433/",
    "https://017700000001/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://0177.0.0.1/",
    "https://127.0.0.01/",
    "https://127.0.0.0x1/",
    "https://1.2.3.4.5/",
    "https://256.256.256.256/",
    "https://hooks.example.0x7f/",
    "https://[::1%25lo]/",
    "https://[fe80::1%eth0]/",
    "https://[::1/",
    "https://hooks.example.com:0/",
    "https://hooks.example.com:65536/",
    "https://hooks.example.com:99999/",
    "https://hooks.例子.com/",
    "https://hooks。example。com/",
    "https://①②⑦.0.0.1/",
    "https://hooks.example.com/路径",
    "https://" + "a" * 64 + ".example.com/",
    "https://hooks.example.com/" + "a" * 500,
]

NOT_PUBLIC_URLS = [
    "https://127.0.0.1/",
    "https://10.1.2.3:8443/",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[fd00::1]/",
    "http://192.168.0.1/",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_reached(address: str) -> None:
    assert is_public(ip_address(address))
    assert NOWHERE_ELSE.allows(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_no_other_address_is(address: str) -> None:
    assert not is_public(ip_address(address))
    assert not NOWHERE_ELSE.allows(address)


def test_what_is_no_address_is_not_reached() -> None:
    assert not NOWHERE_ELSE.allows("hooks.example.com")
    assert not WITH_LOOPBACK.allows("")


def test_a_network_can_be_let_in_by_name() -> None:
    assert WITH_LOOPBACK.allows("127.0.0.1")
    assert not WITH_LOOPBACK.allows("10.0.0.1")
    assert not WITH_LOOPBACK.allows("::ffff:127.0.0.1")


@pytest.mark.parametrize("url", GOOD_URLS)
def test_a_plain_https_url_is_taken(url: str) -> None:
    NOWHERE_ELSE.check(url)


@pytest.mark.parametrize("url", BAD_URLS)
@pytest.mark.parametrize("reachable", [NOWHERE_ELSE, WITH_LOOPBACK], ids=["public", "loopback"])
def test_an_odd_spelling_is_refused(url: str, reachable: Reachable) -> None:
    with pytest.raises(Invalid) as refused:
        reachable.check(url)

    assert refused.value.code == "not_a_webhook_url"


@pytest.mark.parametrize("url", NOT_PUBLIC_URLS)
def test_an_address_that_is_not_public_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        NOWHERE_ELSE.check(url)

    assert refused.value.code == "webhook_not_public"


@pytest.mark.parametrize("url", ["http://hooks.example.com/", "http://8.8.8.8/"])
def test_clear_text_goes_to_loopback_alone(url: str) -> None:
    WITH_LOOPBACK.check("http://127.0.0.1:8080/")
    with pytest.raises(Invalid) as refused:
        WITH_LOOPBACK.check(url)

    assert refused.value.code == "webhook_not_secure"

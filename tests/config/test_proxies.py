"""Whose address counts, and which headers are heard of."""

from ipaddress import ip_network

import pytest

from config.env import Env
from config.proxies import Proxies, TrueClient, neighbourhood

EDGE = Proxies((ip_network("10.0.0.0/8"), ip_network("192.0.2.7"), ip_network("fd00::/8")))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", [b"1.1.1.1"], "203.0.113.9"),  # nobody vouches for it
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", [b"203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", [b"1.1.1.1, 203.0.113.9"], "203.0.113.9"),  # further left: the client's own words
        ("10.0.0.1", [b"1.1.1.1", b"203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", [b"1.1.1.1, 203.0.113.9, 192.0.2.7"], "203.0.113.9"),
        ("10.0.0.1", [b"10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", [b"203.0.113.9:4711"], "203.0.113.9"),
        ("10.0.0.1", [b"[2001:db8::1]:4711"], "2001:db8::1"),
        ("10.0.0.1", [b"::ffff:203.0.113.9"], "203.0.113.9"),
        ("::ffff:10.0.0.1", [b"203.0.113.9"], "203.0.113.9"),
        ("fd00::1", [b"2001:db8::1"], "2001:db8::1"),
        ("10.0.0.1", [b"1.1.1.1, unknown"], "10.0.0.1"),
        ("10.0.0.1", [b"1.1.1.1, 203.0.113.9\x85, 192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", [b"", b","], "10.0.0.1"),
        ("", [b"1.1.1.1"], ""),
    ],
)
def test_the_last_address_that_is_no_trusted_proxy_counts(peer: str, forwarded: list[bytes], client: str) -> None:
    assert EDGE.client(peer, forwarded) == client


def test_without_trusted_proxies_nobody_is_believed() -> None:
    assert Proxies().client("127.0.0.1", [b"1.1.1.1"]) == "127.0.0.1"
    assert not Proxies().trust("127.0.0.1")


def test_an_attacker_with_a_whole_ipv6_network_is_one_attacker() -> None:
    assert neighbourhood("2001:db8:1:2:3::4") == neighbourhood("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert neighbourhood("203.0.113.9") == "203.0.113.9"


CLAIMED = [
    (b"x-forwarded-for", b"1.1.1.1"),
    (b"x-forwarded-host", b"evil.example"),
    (b"x-forwarded-proto", b"https"),
    (b"x-forwarded-port", b"1"),
    (b"forwarded", b"for=1.1.1.1"),
    (b"x-real-ip", b"1.1.1.1"),
    (b"x-user", b"ada"),
    (b"remote-user", b"ada"),
    (b"daphne-root-path", b"/evil"),
]
HOST = (b"host", b"chat.example.org")


@pytest.mark.parametrize(
    ("peer", "client", "headers"),
    [
        ("203.0.113.9", ("203.0.113.9", 5), [HOST]),
        ("10.0.0.1", ("1.1.1.1", 0), [HOST, (b"x-forwarded-proto", b"https")]),
    ],
)
def test_claims_go_no_further(peer: str, client: tuple[str, int], headers: list[tuple[bytes, bytes]]) -> None:
    scope = {"type": "http", "client": [peer, 5], "root_path": "/evil", "headers": [HOST, *CLAIMED]}
    TrueClient(None, EDGE).correct(scope)
    assert (scope["client"], scope["headers"], scope["root_path"]) == (client, headers, "")


@pytest.mark.parametrize("protos", [[b"https,http"], [b"https", b"https"], [b"gopher"]])
def test_a_scheme_that_is_not_one_word_is_not_heard(protos: list[bytes]) -> None:
    scope = {"client": ["10.0.0.1", 5], "headers": [(b"x-forwarded-proto", proto) for proto in protos]}
    TrueClient(None, EDGE).correct(scope)
    assert scope["headers"] == []


def test_proxies_are_addresses_or_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARTH_PROXIES", "10.1.2.3, fd00::/8")
    assert Env().proxies == [ip_network("10.1.2.3"), ip_network("fd00::/8")]
    monkeypatch.setenv("HEARTH_PROXIES", "caddy")
    with pytest.raises(ValueError, match="proxies"):
        Env()

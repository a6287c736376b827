"""Whose word about an address counts: that of the proxies which HEARTH_PROXIES names, and of nobody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
FORWARDED_FOR = b"x-forwarded-for"
FORWARDED_PROTO = b"x-forwarded-proto"
# What a client may say of itself, and what proxies that are not ours may have said of it. Nothing below hears of it.
CLAIMS = frozenset(
    {
        b"cf-connecting-ip",
        b"client-ip",
        b"daphne-root-path",
        b"forwarded",
        b"forwarded-for",
        b"remote-addr",
        b"remote-user",
        b"true-client-ip",
        b"via",
        b"x-client-ip",
        b"x-cluster-client-ip",
        b"x-original-url",
        b"x-real-ip",
        b"x-remote-user",
        b"x-rewrite-url",
        b"x-script-name",
        b"x-user",
    }
)


@dataclass(frozen=True, slots=True)
class Proxies:
    """The trusted proxies, each an address or a network."""

    networks: tuple[Network, ...] = ()

    def trust(self, address: str) -> bool:
        """Return whether a trusted proxy has this address. Whatever is no address is not trusted."""
        found = _read(address)
        return found is not None and any(found in network for network in self.networks)

    def client(self, peer: str, forwarded: Iterable[bytes]) -> str:
        """Return who is at the other end of a connection from `peer`: the last one that no trusted proxy is.

        `forwarded` are the values of X-Forwarded-For. They are read from the right, as each proxy adds whom it saw;
        what stands further left may be invented, and ends the search where it is no address.
        """
        seen = str(_read(peer) or peer)
        entries = [entry for value in forwarded for entry in value.decode("latin1").split(",")]
        while entries and self.trust(seen):
            found = _read(entries.pop().strip(" \t"))
            if found is None:
                break
            seen = str(found)
        return seen


def _read(text: str) -> Address | None:
    """Return the address in an entry of X-Forwarded-For; some proxies add a port, or write IPv4 as IPv6."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def neighbourhood(address: str) -> str:
    """Return what one attacker has without effort: an IPv4 address, or the /64 of an IPv6 address."""
    found = _read(address)
    return str(IPv6Network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found or address)


def is_claim(name: bytes) -> bool:
    """Return whether a header, in small letters, says who somebody is or how they came."""
    return name in CLAIMS or name.startswith(b"x-forwarded")


class TrueClient:
    """Gives what is below the address that a connection truly has, and none of the headers that claim another.

    A trusted proxy may say whether people came over TLS: one word, `http` or `https`.
    """

    def __init__(self, application: Any, proxies: Proxies) -> None:
        self.application, self.proxies = application, proxies

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self.correct(scope)
        await self.application(scope, receive, send)

    def correct(self, scope: dict[str, Any]) -> None:
        """Take the claims out of the scope. Hearth is never mounted below a path.

        It is corrected where it stands: a socket's scope and headers live as long as its tab, so there is one of each.
        """
        peer, port = scope.get("client") or ("", 0)
        client = self.proxies.client(peer, (value for name, value in scope["headers"] if name == FORWARDED_FOR))
        protos = [value for name, value in scope["headers"] if name == FORWARDED_PROTO]
        scope["headers"][:] = [(name, value) for name, value in scope["headers"] if not is_claim(name)]
        if protos in ([b"http"], [b"https"]) and self.proxies.trust(peer):
            scope["headers"].append((FORWARDED_PROTO, protos[0]))
        known = (client, port if client == peer else 0)
        scope |= {"client": known if client else None, "root_path": ""}

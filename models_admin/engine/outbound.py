"""Where Hearth may connect to: an address is looked at when it is written down, and again at every connection.

A name is looked up once. Each address that it has is judged, and the connection goes to exactly one that was judged: a
name that says something else a moment later changes nothing. Redirects are nobody's business here: none is followed.
"""

import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Sequence[str]]

LONGEST = 500  # characters
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)")
# Where clouds tell machines their secrets; link-local ones are refused with all of their kind.
METADATA = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254")))
# Addresses in which another one hides.
HIDING = [ipaddress.ip_network(text) for text in ("::ffff:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48")]
HIDING += [ipaddress.ip_network(text) for text in ("2002::/16", "2001::/32", "192.88.99.0/24")]
PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")


class NotAllowed(Exception):
    """The address may not be used; the message is a sentence for an administrator."""


@dataclass(frozen=True, slots=True)
class Near:
    """Something on the premises that the operator named: a network or a host name; every port, or one."""

    network: Network | None
    name: str
    port: int | None

    def has(self, address: "Address", ip: Ip) -> bool:
        """Whether a connection to this address would go there."""
        if self.port not in (None, address.port):
            return False
        if self.network is not None:
            return ip.version == self.network.version and ip in self.network
        return self.name == address.host


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator lets endpoints reach: what is named on the premises, and whether anything outside.

    `closed` are ports at which nobody is asked, at no address: those of Hearth's own database and Redis.
    """

    near: tuple[Near, ...] = ()
    outside: bool = False
    closed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Address:
    """A checked address of a server. `host` is in ASCII, without brackets; `path` has no slash at its end."""

    scheme: str
    host: str
    port: int
    path: str


def near_from(text: str) -> Near:
    """Read what an operator names: 10.1.0.0/16, 127.0.0.1:9000, [fd00::1]:8000, vllm:8000. Raises ValueError."""
    host, port = text.strip(), None
    if found := re.fullmatch(r"(?P<host>\[[^]]+\]|[^:\s]+):(?P<port>\d{1,5})", host):
        host, port = found["host"].strip("[]"), int(found["port"])
    try:
        return Near(ipaddress.ip_network(host.strip("[]"), strict=False), "", port)
    except ValueError:
        name = host.lower()
        if not all(map(LABEL.fullmatch, name.split("."))):
            raise ValueError(f"{text} is no network, no address and no host name.") from None
        return Near(None, name, port)


def parse(url: str) -> Address:
    """Take an address apart. Raises NotAllowed for whatever two readers could read in two ways."""
    if len(url) > LONGEST or any(not letter.isprintable() or letter in ' \\"<>^`{|}' for letter in url):
        raise NotAllowed("The address has characters that no address has, or is too long.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotAllowed("The address cannot be read.") from None
    if parts.scheme not in ("http", "https"):
        raise NotAllowed("The address begins with http:// or https://.")
    if "@" in parts.netloc or parts.query or parts.fragment or "?" in url or "#" in url:
        raise NotAllowed("The address names a server and a path: no user, no question mark, no #.")
    if port == 0 or (port is None and parts.netloc.endswith(":")):
        raise NotAllowed("The port is a number from 1 to 65535.")
    return Address(parts.scheme, _host(host), port or (443 if parts.scheme == "https" else 80), _path(parts.path))


def _path(path: str) -> str:
    if not path.isascii():
        raise NotAllowed("The address's path has letters that are no ASCII: write them as %xx.")
    if "//" in path or any(piece in (".", "..") for piece in path.lower().replace("%2e", ".").split("/")):
        raise NotAllowed("The address's path has empty pieces or dots.")
    return path.rstrip("/")


def _host(host: str) -> str:
    """Return the host in ASCII. A number is an address only as four decimal ones: all else hides what it means."""
    if ":" in host:
        return _ipv6(host)
    try:
        name = host.encode("idna").decode().lower().removesuffix(".")
    except UnicodeError:
        name = ""
    if not name or not all(map(LABEL.fullmatch, name.split("."))):
        raise NotAllowed("The address has no proper host name.")
    if NUMBER.fullmatch(name.rsplit(".", 1)[-1]):
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError:
            raise NotAllowed("An address in numbers is written as four decimal ones, like 10.1.2.3.") from None
    return name


def _ipv6(host: str) -> str:
    if "%" in host:
        raise NotAllowed("An address with a zone belongs to one machine alone.")
    try:
        return str(ipaddress.IPv6Address(host))
    except ValueError:
        raise NotAllowed("The address in brackets is not an IPv6 address.") from None


def look_up(host: str, port: int) -> Sequence[str]:
    """Ask the system for a host's addresses. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def allowed(address: Address, rules: Rules, *, leaves: bool, resolve: Resolver = look_up) -> list[str]:
    """Return the addresses to connect to, in their order. Raises NotAllowed where any of them may not be reached."""
    if address.port in rules.closed:
        raise NotAllowed(f"At port {address.port} Hearth keeps its own data: no model is asked there.")
    if leaves and not rules.outside:
        raise NotAllowed("The operator lets nothing leave the premises (HEARTH_OUTSIDE is not set).")
    if leaves and address.scheme != "https":
        raise NotAllowed("What leaves the premises goes over https.")
    try:
        found = resolve(address.host, address.port)
    except (OSError, UnicodeError):
        raise NotAllowed(f"The name {address.host} is not known here.") from None
    if not found:
        raise NotAllowed(f"The name {address.host} has no address.")
    for text in found:
        _judge(address, ipaddress.ip_address(text.partition("%")[0]), rules, leaves=leaves)
    return list(found)


def _judge(address: Address, ip: Ip, rules: Rules, *, leaves: bool) -> None:
    if _is_never(ip):
        raise NotAllowed(f"{address.host} leads to {ip}, where nothing may be asked.")
    if leaves:
        if not ip.is_global or (ip.version == 6 and ip not in PUBLIC_IPV6):
            raise NotAllowed(f"{address.host} leads to {ip}, which is not outside: it does not leave the premises.")
    elif not any(near.has(address, ip) for near in rules.near):
        raise NotAllowed(
            f"{address.host} leads to {ip}, port {address.port}, which the operator has not named (HEARTH_ON_PREMISES)."
        )


def _is_never(ip: Ip) -> bool:
    """Whether no rule can allow it: what nobody hosts models at, and forms in which another address hides."""
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip in METADATA:
        return True
    if ip.version == 4 and (ip.is_reserved or ip in ipaddress.ip_network("0.0.0.0/8")):
        return True
    return str(ip) != "::1" and any(ip in hiding for hiding in HIDING)


def connect(
    address: Address, rules: Rules, *, leaves: bool, seconds: float, resolve: Resolver = look_up
) -> socket.socket:
    """Return a connection to a judged address, with TLS where it is https. Raises NotAllowed and OSError."""
    error: OSError | None = None
    for ip in allowed(address, rules, leaves=leaves, resolve=resolve):
        try:
            plain = socket.create_connection((ip, address.port), timeout=seconds)
        except OSError as failure:
            error = failure
            continue
        return plain if address.scheme == "http" else _with_tls(plain, address.host)
    raise error or OSError("no address")


def _with_tls(plain: socket.socket, host: str) -> socket.socket:
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise

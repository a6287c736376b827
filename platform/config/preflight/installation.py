"""How Hearth is set up: origins, proxies, secrets, and where what proves the audit log is kept."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import IPvAnyNetwork

from config.preflight.findings import Finding, advice, error, ok, warning
from config.secrets import fault_of_file
from models_admin.folder import existing

LOOPBACK = ("localhost", "127.0.0.1", "::1")
EVERYBODY = (ip_network("0.0.0.0/0"), ip_network("::/0"))
WIDEST = {4: 8, 6: 32}  # a wider network believes whole providers


def origins(found: Iterable[str], *, debug: bool, proxies: bool) -> Iterator[Finding]:
    """Judge where people arrive."""
    parts = [urlsplit(origin) for origin in found]
    plain = [part.geturl() for part in parts if part.scheme != "https" and part.hostname not in LOOPBACK]
    tls = [part for part in parts if part.scheme == "https"]
    if odd := [
        part.geturl() for part in parts if part.scheme not in ("http", "https") or not part.hostname or part.path
    ]:
        yield error(
            "origins", f"{', '.join(odd)} is no origin: HEARTH_ORIGINS takes https://name or https://name:port."
        )
    if plain:
        yield warning("origins", f"People arrive without TLS at {', '.join(plain)}: passwords are read on the way.")
    if tls and len(tls) < len(parts):
        yield warning("origins", "Some origins are https:// and some are not: cookies are then not Secure for anybody.")
    if tls and not proxies:
        yield warning("proxies", "HEARTH_PROXIES is not set: nobody is believed that people come over TLS.")
    if debug:
        yield (error if tls or plain else warning)("debug", "HEARTH_DEBUG shows strangers how Hearth works inside.")
    if not (odd or plain or debug):
        yield ok("origins", f"People arrive at {', '.join(part.geturl() for part in parts)}.")


def believed(found: Iterable[IPvAnyNetwork]) -> Iterator[Finding]:
    """Judge who is believed about the addresses of others."""
    for network in found:
        if network in EVERYBODY:
            yield error("proxies", f"HEARTH_PROXIES={network} believes everybody: name the proxy alone.")
        elif network.prefixlen < WIDEST[network.version]:
            yield warning("proxies", f"HEARTH_PROXIES={network} believes very many: name the proxy alone.")


def secrets(faults: Iterable[str], made: Iterable[Path]) -> Iterator[Finding]:
    """Say what `config.secrets` finds wrong, and look at those that Hearth made on its first start."""
    found = [error("secrets", says) for says in faults]
    found += [error("secrets", f"{file} {fault}.") for file in made if file.exists() and (fault := fault_of_file(file))]
    yield from found or [ok("secrets", "Each is long enough, and closed to others.")]


def anchors(file: Path, database: Path | None) -> Finding:
    """Say whether what proves the log is kept apart from the log."""
    if database is not None and existing(file).stat().st_dev == existing(database).stat().st_dev:
        return advice("anchors", f"{file} is on the database's disk: HEARTH_ANCHORS names another place.")
    return ok("anchors", f"Anchors are kept in {file}.")


def tombstones(file: Path, database: Path | None) -> Finding:
    """Say whether what was deleted is remembered apart from the database, which may be restored."""
    if database is not None and existing(file).stat().st_dev == existing(database).stat().st_dev:
        return advice("tombstones", f"{file} is on the database's disk: never restore both from one backup of it.")
    return ok("tombstones", f"Deletions are remembered in {file}.")


def time_zone() -> Finding:
    """Whatever zone the machine is in, nothing depends on it."""
    return ok("time zone", "All times are kept in UTC: the machine's time zone does not matter.")

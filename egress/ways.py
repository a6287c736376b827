"""Every way out that the configuration opens: what goes there, when, from which process, and who switched it on.

`modules` names the code that opens the connections. A test reads the whole source for such code and fails where a
module is in none of these lists and not in QUIET: a new way out cannot be forgotten here.
"""

import ipaddress
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_admin import endpoints
from models_admin.engine.outbound import NotAllowed, parse
from models_admin.models import Endpoint

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HUB = "https://huggingface.co"
STORES = ("https://*.huggingface.co:443", "https://*.hf.co:443")  # that hub sends on to them for the bytes of a file
PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")  # only what fetches from a hub asks them
WORLD = ("0.0.0.0/0", "::/0")
RESOLVER = Path("/etc/resolv.conf")
# What opens connections and leads nowhere outside, each with the reason.
QUIET = {
    "config.pace": "times handshakes that come in",
    "config.preflight.machine": "tries whether a port of this machine is free",
    "health.management.commands.healthy": "asks this container's own web process, and Redis",
    "config.settings": "asks for this machine's name",
    "config.supervisor.house": "asks its own web process whether it is there",
    "config.supervisor.servers": "asks the servers that it has started, over their sockets",
    "chat.consumers": "carries sockets that come in",
    "models_admin.engine.process": "a pair of sockets between a host and its engine",
    "models_admin.engine.child": "the other end of that pair",
}


class Reach(StrEnum):
    """How far away an address is, as it is written; names are not looked up."""

    HERE = "here"
    HOUSE = "house"
    WORLD = "world"
    NAME = "name"


REACHES = {
    Reach.HERE: gettext_lazy("this machine"),
    Reach.HOUSE: gettext_lazy("private network"),
    Reach.WORLD: gettext_lazy("public address"),
    Reach.NAME: gettext_lazy("a name"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """One way out. `switch` is the variable or the act that opens it; `where` is empty while it is shut."""

    key: str
    name: "StrOrPromise"
    sends: "StrOrPromise"
    when: "StrOrPromise"
    who: str  # roles of processes
    switch: "StrOrPromise"
    where: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether anything can go there."""
        return bool(self.where)

    @property
    def reach(self) -> Reach:
        """How far its farthest address is."""
        order = (Reach.HERE, Reach.HOUSE, Reach.NAME, Reach.WORLD)
        return max((reach_of(one) for one in self.where), key=order.index, default=Reach.HERE)

    @property
    def reach_label(self) -> str:
        """The same in words."""
        return str(REACHES[self.reach])


def reach_of(where: str) -> Reach:
    """Judge an address by what it says: a path, a network, host:port, or scheme://host:port."""
    if where.startswith("/"):
        return Reach.HERE
    host = (urlsplit(where).hostname if "://" in where else _without_port(where)) or ""
    try:
        network = ipaddress.ip_network(host, strict=False)
    except ValueError:
        return Reach.HERE if host == "localhost" else Reach.NAME
    if network.is_loopback:
        return Reach.HERE
    return Reach.HOUSE if network.is_private else Reach.WORLD


def _without_port(where: str) -> str:
    if where.startswith("["):
        return where[1:].partition("]")[0]
    return where if where.count(":") > 1 else where.partition(":")[0]


def shown(url: str, default: int | None = None) -> str:
    """Return where an address leads without user, password, path and question: scheme://host:port, or a path."""
    parts = urlsplit(url)
    if parts.scheme in ("unix", "file"):
        return parts.path
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    port = parts.port or default
    return f"{parts.scheme}://{host}:{port}" if port else f"{parts.scheme}://{host}"


def ways() -> list[Way]:
    """Return every way, those that are shut as well."""
    fixed = [_database(), _redis(), _mail(), _anchor_syslog(), _anchor_https(), _siem()]
    found = [*fixed, *_endpoints(), _on_premises(), _outside(), _hub()]
    return [*found, _names(found), _self_test()]


def modules() -> dict[str, str]:
    """Return the modules that open connections, each with its way."""
    return {module: way.key for way in ways() for module in way.modules}


def _database() -> Way:
    mine = settings.DATABASES["default"]
    host = mine["HOST"] or "localhost"
    where = host if host.startswith("/") else f"{host}:{mine['PORT'] or 5432}"
    return Way(
        "database",
        gettext_lazy("Database"),
        gettext_lazy("everything that Hearth keeps"),
        gettext_lazy("always"),
        "web, host, housekeeping, beat",
        "HEARTH_DATABASE_URL",
        (where,),
        ("config.schema", "config.traffic", "chat.purging"),
    )


def _redis() -> Way:
    return Way(
        "redis",
        gettext_lazy("Redis"),
        gettext_lazy("words of answers that are being written, and signals between processes"),
        gettext_lazy("always"),
        "web, host, housekeeping, beat",
        "HEARTH_REDIS_URL",
        (shown(settings.REDIS_URL, 6379),),
        (
            "audit.sealing",
            "chat.actions",
            "chat.places",
            "chat.serving",
            "chat.stream",
            "chat.tail",
            "chat.watching",
            "chat.follow",
            "models_admin.live",
            "config.preflight.servers",
            "health.pulses",
            "health.tasks",
        ),
    )


def _mail() -> Way:
    where = (f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",) if settings.MAIL_IS_SET_UP else ()
    return Way(
        "mail",
        gettext_lazy("Mail server"),
        gettext_lazy("links for new passwords, invitations, notices, and entries of the audit log without content"),
        gettext_lazy("when somebody asks for a link, is invited, or an entry has one of the chosen verbs"),
        "web, housekeeping",
        "HEARTH_MAIL_URL, HEARTH_ALERT_TO",
        where,
        ("accounts.adapter", "accounts.mailing", "accounts.views", "audit.telling", "breakglass.mailing"),
    )


def _anchor_syslog() -> Way:
    address = settings.ANCHOR_SYSLOG
    return Way(
        "anchor_syslog",
        gettext_lazy("Anchors by syslog"),
        gettext_lazy("a number, a hash and a signature"),
        gettext_lazy("every ten minutes while the audit log grows"),
        "housekeeping",
        "HEARTH_ANCHOR_SYSLOG",
        (shown(address),) if address else (),
        ("audit.syslog",),
    )


def _anchor_https() -> Way:
    address = settings.ANCHOR_HTTPS
    return Way(
        "anchor_https",
        gettext_lazy("Anchors by HTTPS"),
        gettext_lazy("a number, a hash and a signature"),
        gettext_lazy("every ten minutes while the audit log grows"),
        "housekeeping",
        "HEARTH_ANCHOR_HTTPS",
        (shown(address, 443),) if address else (),
        ("audit.anchoring",),
    )


def _siem() -> Way:
    address = settings.SIEM
    return Way(
        "siem",
        gettext_lazy("SIEM"),
        gettext_lazy("every entry of the audit log: ids, addresses and names of settings, no content"),
        gettext_lazy("within ten seconds of each entry"),
        "housekeeping",
        "HEARTH_SIEM",
        (shown(address),) if address else (),
        ("audit.syslog",),
    )


def _endpoints() -> Iterator[Way]:
    """One way for each server of models that administrators wrote down. It is shut where the rules forbid it now."""
    policy = endpoints.policy()
    for endpoint in Endpoint.objects.all():
        yield Way(
            "endpoint",
            _("Endpoint %(name)s") % {"name": endpoint.name},
            gettext_lazy("questions, what was said before them, and the text of attached files"),
            gettext_lazy("when somebody asks a model of this server, or an administrator tests it"),
            "host, web",
            gettext_lazy("an administrator (in the audit log: models.endpoint_added)"),
            (shown(endpoint.url),) if _may_be_asked(endpoint, policy_allows=policy.allowed) else (),
        )


def _may_be_asked(endpoint: Endpoint, *, policy_allows: bool) -> bool:
    """Whether the rules let it be reached, as far as the address itself tells: no name is looked up for a list."""
    rules = settings.OUTBOUND
    try:
        address = parse(endpoint.url)
    except NotAllowed:
        return False
    if address.port in rules.closed:
        return False
    if endpoint.leaves:
        return bool(rules.outside and policy_allows and address.scheme == "https")
    return bool(rules.near)


def _on_premises() -> Way:
    near = [f"{one.name or one.network}{f':{one.port}' if one.port else ''}" for one in settings.OUTBOUND.near]
    return Way(
        "on_premises",
        gettext_lazy("Servers of models on the premises"),
        gettext_lazy("what endpoints send; administrators may enter servers here"),
        gettext_lazy("once an endpoint is entered"),
        "host, web",
        "HEARTH_ON_PREMISES",
        tuple(near),
        ("models_admin.engine.outbound", "models_admin.engine.calling", "models_admin.engine.remote"),
    )


def _outside() -> Way:
    allowed = settings.OUTBOUND.outside
    return Way(
        "outside",
        gettext_lazy("Servers of models outside"),
        gettext_lazy("what endpoints send; administrators may enter any public server"),
        gettext_lazy("once such an endpoint is entered, and the organisation allows it"),
        "host, web",
        gettext_lazy("HEARTH_OUTSIDE, and the organisation (in the audit log: models.outside_set)"),
        WORLD if allowed else (),
    )


def _hub() -> Way:
    return Way(
        "hub",
        gettext_lazy("Hub of model files"),
        gettext_lazy("the name of the file that is wanted, and HF_TOKEN where it is set"),
        gettext_lazy("when an administrator has a file fetched, or the operator calls `make model`"),
        "housekeeping",
        gettext_lazy("HEARTH_HUB, and an administrator (in the audit log: models.download_asked)"),
        tuple(hub_places(os.environ)) if settings.HUB else (),
        ("models_admin.fetching",),
    )


def hub_places(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the hub, the stores of files that it sends on to, and the proxies that are named for it."""
    named = environment.get("HF_ENDPOINT")
    yield shown(named or HUB, 443)
    if not named:
        yield from STORES
    yield from dict.fromkeys(shown(environment[name]) for name in PROXIES if environment.get(name))


def _names(others: Iterable[Way]) -> Way:
    """Names are asked for where any of the others is one, and where any server in the world may be entered."""
    named = any(reach_of(where) is Reach.NAME or where in WORLD for way in others for where in way.where)
    return Way(
        "names",
        gettext_lazy("Name server"),
        gettext_lazy("the names of the servers above"),
        gettext_lazy("when one of them is called by its name"),
        "web, host, housekeeping, beat",
        gettext_lazy("the machine's /etc/resolv.conf"),
        tuple(nameservers(RESOLVER)) if named else (),
    )


def nameservers(file: Path) -> list[str]:
    """Return whom this machine asks for names."""
    try:
        lines = [line.split() for line in file.read_text().splitlines()]
    except OSError:
        return []
    found = [line[1] for line in lines if len(line) > 1 and line[0] == "nameserver"]
    return [f"[{one}]:53" if ":" in one else f"{one}:53" for one in found]


def _self_test() -> Way:
    return Way(
        "self_test",
        gettext_lazy("The self-test below"),
        gettext_lazy("nothing: a connection is opened and closed"),
        gettext_lazy("when somebody presses the button, or calls `manage.py egress --self-test`"),
        "web, host, housekeeping",
        gettext_lazy("an administrator (in the audit log: egress.tested)"),
        (),
        ("egress.places",),
    )

"""The acts of those who keep servers elsewhere, and their entries."""

from unittest.mock import patch

from acts import Case
from django.test import override_settings
from factories import make_owner

from accounts.models import User
from models_admin import downloading, endpoints
from models_admin.engine.outbound import Rules, near_from
from models_admin.models import Download, Endpoint

MADE, ADDED = "accounts.person_added", "models.endpoint_added"
HALL = {"name": "Hall", "url": "http://127.0.0.1:9/v1", "leaves": False}
REMOTE = {"name": "Large", "remote_model": "m", "slots": 2, "context": 4096}


def near() -> override_settings:
    """Let this machine be one that the operator has named."""
    return override_settings(OUTBOUND=Rules((near_from("127.0.0.1"),)))


def added() -> Endpoint:
    with near():
        return endpoints.add(HALL, key="sk-secret", by=make_owner())


def changed(_: User) -> None:
    hall = added()
    with near():
        endpoints.change(hall, HALL | {"name": "Cellar"}, by=make_owner())


def tested(_: User) -> None:
    with patch("models_admin.endpoints.models_at", return_value=["m", "n"]):
        endpoints.test(added(), by=make_owner())


@override_settings(HUB=True)
def wanted() -> Download:
    return downloading.ask(repository="somebody/small", file="small.gguf", by=make_owner())


def fetched(_: User) -> None:
    wanted()
    with patch("models_admin.downloading.subprocess.Popen") as process:
        process.return_value.poll.return_value = process.return_value.returncode = 0
        downloading.fetch_waiting()


EXEMPT = {
    "models_admin.downloading.target": "names a target",
    "models_admin.downloading.lately": "reads",
    "chat.outside.has_left": "reads",
    "chat.outside.let_out": "its entry names who asked, whoever acts: models_admin/test_endpoints",
    "models_admin.endpoints.target": "names a target",
    "models_admin.endpoints.check": "judges an address",
    "models_admin.endpoints.spec_of": "reads",
    "models_admin.endpoints.open_engine": "a host loads: placing writes that down",
    "models_admin.endpoints.policy": "reads",
}
CASES = {
    "models_admin.downloading.ask": Case(
        lambda _: wanted(), (MADE, "models.download_asked"), {"facts": {"repository": "somebody/small"}}
    ),
    "models_admin.downloading.fetch_waiting": Case(
        fetched, (MADE, "models.download_asked", "models.downloaded"), {"facts": {"bytes": 0}}
    ),
    "models_admin.endpoints.add": Case(
        lambda _: added(), (MADE, ADDED), {"facts": {"key": True}, "changes": {"name": {"old": None, "new": "Hall"}}}
    ),
    "models_admin.endpoints.change": Case(
        changed, (MADE, ADDED, "models.endpoint_changed"), {"changes": {"name": {"old": "Hall", "new": "Cellar"}}}
    ),
    "models_admin.endpoints.replace_key": Case(
        lambda _: endpoints.replace_key(added(), "", by=make_owner()),
        (MADE, ADDED, "models.endpoint_key_replaced"),
        {"facts": {"key": False}},
    ),
    "models_admin.endpoints.remove": Case(
        lambda _: endpoints.remove(added(), by=make_owner()), (MADE, ADDED, "models.endpoint_removed"), {}
    ),
    "models_admin.endpoints.test": Case(tested, (MADE, ADDED, "models.endpoint_tested"), {"facts": {"models": 2}}),
    "models_admin.endpoints.deploy": Case(
        lambda _: endpoints.deploy(added(), REMOTE, by=make_owner()),
        (MADE, ADDED, "models.deployed"),
        {"changes": {"remote_model": {"old": None, "new": "m"}}},
    ),
    "models_admin.endpoints.set_policy": Case(
        lambda _: endpoints.set_policy(may=True, terms="Nothing secret.", by=make_owner()),
        (MADE, "models.outside_set"),
        {"changes": {"allowed": {"old": False, "new": True}}, "facts": {"fields": ["terms"]}},
    ),
}

"""Servers elsewhere that answer for Hearth: what administrators do with them.

Keys are sealed, and never shown again.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from accounts.authority import require
from accounts.models import User
from accounts.refusal import Refusal
from accounts.roles import Power
from accounts.sealing import Unreadable, seal, unseal
from audit import verbs
from audit.actions import record
from audit.entry import Result, Target
from models_admin.engine.calling import RemoteSpec, ServerFailed, models_at
from models_admin.engine.outbound import NotAllowed, allowed, parse
from models_admin.engine.process import ModelRefused
from models_admin.engine.remote import RemoteEngine
from models_admin.models import Deployment, Endpoint, OutsidePolicy

PURPOSE = "hearth endpoints"
FIELDS = ("name", "url", "leaves")
TAKEN = gettext_lazy("There is an endpoint of this name already.")
IN_USE = gettext_lazy("Models are deployed from this endpoint. Remove them first.")
ODD_KEY = gettext_lazy(
    "The key has characters that no key has: letters, digits and signs of ASCII only, without spaces."
)
KEY_LOST = gettext_lazy("The key cannot be read any more: the signing key was changed. Enter the key again.")


def target(endpoint: Endpoint) -> Target:
    """Return the endpoint as the audit log names it."""
    return Target("endpoint", endpoint.pk)


def check(url: str, *, leaves: bool) -> None:
    """Raise NotAllowed where Hearth may not ask at this address, as things are now."""
    allowed(parse(url), settings.OUTBOUND, leaves=leaves)


@transaction.atomic
def add(values: Mapping[str, Any], *, key: str, by: User) -> Endpoint:
    """Write down a server. Raises Refused and Refusal."""
    require(by, Power.MANAGE_MODELS)
    endpoint = Endpoint(**{name: values[name] for name in FIELDS})
    endpoint.sealed_key = _sealed(key)
    _save(endpoint)
    changes: dict[str, tuple[object, object]] = {name: (None, values[name]) for name in FIELDS}
    record(verbs.ENDPOINT_ADDED, targets=[target(endpoint)], changes=changes, facts={"key": bool(key)})
    return endpoint


def _sealed(key: str) -> str:
    """Seal a key; empty stays empty. Raises Refusal for one that no header can carry."""
    if not all("!" <= letter <= "~" for letter in key):
        raise Refusal(ODD_KEY)
    return seal(PURPOSE, key) if key else ""


def _save(endpoint: Endpoint) -> None:
    """Store it. Raises Refusal for a name that is taken, and for an address where nothing may be asked."""
    try:
        check(endpoint.url, leaves=endpoint.leaves)
        with transaction.atomic():
            endpoint.save()
    except NotAllowed as reason:
        raise Refusal(str(reason)) from None
    except IntegrityError:
        raise Refusal(TAKEN) from None


@transaction.atomic
def change(endpoint: Endpoint, values: Mapping[str, Any], *, by: User) -> None:
    """Correct a server's name or address. Hosts ask there once they have loaded anew. Raises Refused and Refusal.

    A key goes to the server for which it was entered alone: another one gets none before somebody enters it again.
    """
    require(by, Power.MANAGE_MODELS)
    current = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    changes = {
        name: (getattr(current, name), values[name]) for name in FIELDS if getattr(current, name) != values[name]
    }
    if not changes:
        return
    had_key, before = bool(current.sealed_key), current.url
    for name in FIELDS:
        setattr(current, name, values[name])
    current.sealed_key = current.sealed_key if _is_same_server(before, current.url) else ""
    _save(current)
    _load_anew(current)
    key: dict[str, tuple[object, object]] = {"key": (True, False)} if had_key and not current.sealed_key else {}
    record(verbs.ENDPOINT_CHANGED, targets=[target(current)], changes=changes | key)


def _is_same_server(before: str, after: str) -> bool:
    try:
        old, new = parse(before), parse(after)
    except NotAllowed:
        return False
    return (old.scheme, old.host, old.port) == (new.scheme, new.host, new.port)


@transaction.atomic
def replace_key(endpoint: Endpoint, key: str, *, by: User) -> None:
    """Give a server another key, or none. The old one is not kept. Raises Refused and Refusal."""
    require(by, Power.MANAGE_MODELS)
    Endpoint.objects.filter(pk=endpoint.pk).update(sealed_key=_sealed(key))
    _load_anew(endpoint)
    record(verbs.ENDPOINT_KEY_REPLACED, targets=[target(endpoint)], facts={"key": bool(key)})


def _load_anew(endpoint: Endpoint) -> None:
    for deployment in Deployment.objects.select_for_update().filter(endpoint=endpoint):
        Deployment.objects.filter(pk=deployment.pk).update(revision=deployment.revision + 1)


@transaction.atomic
def remove(endpoint: Endpoint, *, by: User) -> None:
    """Forget a server, and its key. Raises Refused and Refusal."""
    require(by, Power.MANAGE_MODELS)
    current = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    if current.deployments.exists():
        raise Refusal(IN_USE)
    record(verbs.ENDPOINT_REMOVED, targets=[target(current)])
    current.delete()


def test(endpoint: Endpoint, *, by: User) -> list[str]:
    """Ask a server for its models, ten seconds at most, and write down how it went. Return them. Raises Refused."""
    require(by, Power.MANAGE_MODELS)
    problem, found = "", []
    try:
        found = models_at(spec_of(endpoint, model="", slots=1, context=0))
    except (ModelRefused, NotAllowed, ServerFailed) as failure:
        problem = str(failure)
    with transaction.atomic():
        Endpoint.objects.filter(pk=endpoint.pk).update(problem=problem, tested_at=Now())
        result = Result.REFUSED if problem else Result.DONE
        record(verbs.ENDPOINT_TESTED, targets=[target(endpoint)], facts={"models": len(found)}, result=result)
    return found


def spec_of(endpoint: Endpoint, *, model: str, slots: int, context: int) -> RemoteSpec:
    """Return how to ask a server. Raises ModelRefused where its key is lost."""
    try:
        key = unseal(PURPOSE, endpoint.sealed_key) if endpoint.sealed_key else ""
    except Unreadable:
        raise ModelRefused(KEY_LOST) from None
    rules, leaves = settings.OUTBOUND, endpoint.leaves
    return RemoteSpec(endpoint.name, endpoint.url, model, slots, context, rules, leaves=leaves, key=key)


def open_engine(deployment: Deployment) -> RemoteEngine:
    """Return what asks a deployment's server. Raises ModelRefused."""
    assert deployment.endpoint is not None
    model, slots, context = deployment.remote_model, deployment.slots, deployment.context
    return RemoteEngine(spec_of(deployment.endpoint, model=model, slots=slots, context=context))


@transaction.atomic
def deploy(endpoint: Endpoint, values: Mapping[str, Any], *, by: User) -> Deployment:
    """Let people ask a model of a server: name, remote_model, slots at once, context in tokens. Raises Refused."""
    require(by, Power.MANAGE_MODELS)
    deployment = Deployment.objects.create(endpoint=endpoint, **values)
    changes = {name: (None, value) for name, value in values.items()} | {"endpoint": (None, endpoint.pk)}
    record(verbs.DEPLOYED, targets=[Target("deployment", deployment.pk)], changes=changes)
    return deployment


def policy() -> OutsidePolicy:
    """Return whether anything may leave the premises, and what people are told then."""
    return OutsidePolicy.objects.first() or OutsidePolicy()


@transaction.atomic
def set_policy(*, may: bool, terms: str, by: User) -> None:
    """Let what is asked leave the premises, or not. It holds from the next answer on. Raises Refused."""
    require(by, Power.SET_ORGANISATION)
    before = policy()
    OutsidePolicy.objects.update_or_create(id=1, defaults={"allowed": may, "terms": terms})
    fields = ["terms"] if terms != before.terms else []
    if before.allowed != may or fields:
        changes = {"allowed": (before.allowed, may)} if before.allowed != may else {}
        record(verbs.OUTSIDE_SET, changes=changes, facts={"fields": fields})

"""What changes a deployment."""

from pathlib import Path

from django.db import transaction
from django.db.models.functions import Now

from audit import verbs
from audit.actions import record
from audit.entry import Result, Target
from models_admin import builtin
from models_admin.engine.header import BadModel, read_header
from models_admin.engine.protocol import Ready
from models_admin.models import Deployment


@transaction.atomic
def deploy(path: Path, *, name: str, **settings: object) -> Deployment:
    """Make this file the one that is hosted; other deployments are switched off, their history stays.

    `settings` are fields of the deployment (slots, context, gpu_layers ...); what is not named stays as it was.
    """
    fresh = {"enabled": True, "name": name, "demo": _is_demo(path), **settings}
    known = Deployment.objects.select_for_update().filter(path=str(path)).values(*fresh).first()
    observed = {"state": Deployment.State.COLD, "reason": ""}
    deployment, _ = Deployment.objects.update_or_create(path=str(path), defaults=fresh | observed)
    others = Deployment.objects.select_for_update().filter(enabled=True).exclude(pk=deployment.pk)
    off = list(others.values_list("pk", flat=True))
    others.update(enabled=False)
    for pk in off:
        record(verbs.SWITCHED_OFF, targets=[Target("deployment", pk)], changes={"enabled": (True, False)})
    record(verbs.DEPLOYED, targets=[Target("deployment", deployment.pk)], changes=_changes(known, fresh, path))
    return deployment


def _is_demo(path: Path) -> bool:
    """Return whether the file says that it is a demo. What is wrong with a bad file is said when it is loaded."""
    try:
        return read_header(str(path)).demo
    except BadModel:
        return False


def deploy_builtin(*, name: str = "", **settings: object) -> Deployment:
    """Host the model that Hearth brings along. Raises BadModel where its file is missing or damaged."""
    header = read_header(str(builtin.FILE))
    known = Deployment.objects.filter(path=str(builtin.FILE)).exists()
    usual = {} if known else builtin.settings_for(header)
    return deploy(builtin.FILE, name=name or header.name, **(usual | settings))


def _changes(known: dict[str, object] | None, fresh: dict[str, object], path: Path) -> dict[str, tuple[object, object]]:
    """Return what is other than before: all of it, with the file, where the deployment is new."""
    if known is None:
        return {"path": (None, str(path))} | {name: (None, new) for name, new in fresh.items()}
    return {name: (known[name], new) for name, new in fresh.items() if known[name] != new}


def mark_loading(deployment: Deployment) -> None:
    """A host has begun to load it."""
    Deployment.objects.filter(pk=deployment.pk).update(state=Deployment.State.LOADING, reason="", heard_at=Now())


@transaction.atomic
def mark_ready(deployment: Deployment, ready: Ready) -> None:
    """A host has it in memory; from now on this is the file that answers."""
    facts = {"sha256": ready.sha256, "architecture": ready.architecture, "quantisation": ready.quantisation}
    Deployment.objects.filter(pk=deployment.pk).update(state=Deployment.State.READY, reason="", heard_at=Now(), **facts)
    record(verbs.LOADED, targets=[Target("deployment", deployment.pk)], facts=facts)


@transaction.atomic
def mark_refused(deployment: Deployment, reason: str) -> None:
    """A host could not load it, and this is why."""
    why = reason[:500].replace("\x00", "")
    Deployment.objects.filter(pk=deployment.pk).update(state=Deployment.State.REFUSED, reason=why)
    target = Target("deployment", deployment.pk)
    record(verbs.REFUSED, targets=[target], facts={"reason": why}, result=Result.REFUSED)


def mark_cold(deployment: Deployment) -> None:
    """Its host has let go of it."""
    Deployment.objects.filter(pk=deployment.pk).update(state=Deployment.State.COLD)


def mark_heard() -> None:
    """This host is alive and serves what is enabled."""
    Deployment.objects.filter(enabled=True).update(heard_at=Now())

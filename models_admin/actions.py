"""What changes a deployment."""

from pathlib import Path

from django.db import transaction
from django.db.models.functions import Now

from models_admin.engine.protocol import Ready
from models_admin.models import Deployment


@transaction.atomic
def deploy(path: Path, *, name: str, **settings: object) -> Deployment:
    """Make this file the one that is hosted; other deployments are switched off, their history stays.

    `settings` are fields of the deployment (slots, context, gpu_layers ...); what is not named stays as it was.
    """
    fresh = {"enabled": True, "name": name, "state": Deployment.State.COLD, "reason": "", **settings}
    deployment, _ = Deployment.objects.update_or_create(path=str(path), defaults=fresh)
    Deployment.objects.exclude(pk=deployment.pk).update(enabled=False)
    return deployment


def mark_loading(deployment: Deployment) -> None:
    """A host has begun to load it."""
    Deployment.objects.filter(pk=deployment.pk).update(state=Deployment.State.LOADING, reason="", heard_at=Now())


def mark_ready(deployment: Deployment, ready: Ready) -> None:
    """A host has it in memory; from now on this is the file that answers."""
    Deployment.objects.filter(pk=deployment.pk).update(
        state=Deployment.State.READY,
        reason="",
        sha256=ready.sha256,
        architecture=ready.architecture,
        quantisation=ready.quantisation,
        heard_at=Now(),
    )


def mark_refused(deployment: Deployment, reason: str) -> None:
    """A host could not load it, and this is why."""
    Deployment.objects.filter(pk=deployment.pk).update(state=Deployment.State.REFUSED, reason=reason[:500])


def mark_cold(deployment: Deployment) -> None:
    """Its host has let go of it."""
    Deployment.objects.filter(pk=deployment.pk).update(state=Deployment.State.COLD)


def mark_heard() -> None:
    """This host is alive and serves what is enabled."""
    Deployment.objects.filter(enabled=True).update(heard_at=Now())

"""What is deployed, and who is there to host it."""

from datetime import timedelta
from pathlib import Path

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from models_admin.models import Deployment

# A host speaks every two seconds; five silences mean that it is gone.
SILENCE = timedelta(seconds=10)


def deployments_of(user: User) -> QuerySet[Deployment]:
    """Return the deployments this person may ask, the oldest first."""
    return Deployment.objects.filter(enabled=True) if user.is_active else Deployment.objects.none()


def chosen() -> Deployment | None:
    """Return the deployment that is hosted already, or None where the built-in model may take its place.

    A demo whose file is gone was the built-in one of a tree that has moved: nobody chose it.
    """
    hosted = Deployment.objects.filter(enabled=True)
    return next((one for one in hosted if not one.demo or Path(one.path).is_file()), None)


def unheard() -> Q:
    """Match deployments that no host has spoken for lately, in the database's time."""
    return Q(heard_at__isnull=True) | Q(heard_at__lt=Now() - SILENCE)

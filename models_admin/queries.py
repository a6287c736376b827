"""What is deployed, and who is there to host it."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from models_admin.models import Deployment

# A host speaks every two seconds; five silences mean that it is gone.
SILENCE = timedelta(seconds=10)


def deployments_of(user: User) -> QuerySet[Deployment]:
    """Return the deployments this person may ask, the oldest first."""
    return Deployment.objects.filter(enabled=True) if user.is_active else Deployment.objects.none()


def unheard() -> Q:
    """Match deployments that no host has spoken for lately, in the database's time."""
    return Q(heard_at__isnull=True) | Q(heard_at__lt=Now() - SILENCE)

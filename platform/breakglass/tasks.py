"""Doors for Celery: housekeeping of requests."""

from celery import shared_task

from breakglass import actions, mailing


@shared_task(name="breakglass.sweep")
def sweep() -> None:
    """End what is over, and mail those who must know."""
    actions.sweep()
    mailing.mail()

"""Doors for Celery: each process of the house knocks for itself."""

from uuid import UUID

from celery import shared_task

from egress import actions


@shared_task(name="egress.try_host")
def try_host(trial: str) -> None:
    """Every host hears this one."""
    actions.try_here(UUID(trial))


@shared_task(name="egress.try_housekeeping")
def try_housekeeping(trial: str) -> None:
    """One worker of housekeeping hears this one."""
    actions.try_here(UUID(trial))

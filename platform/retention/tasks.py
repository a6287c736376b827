"""Doors for Celery: housekeeping of what is kept."""

from uuid import UUID

from celery import shared_task

from retention import exporting, sweeping


@shared_task(name="retention.sweep")
def sweep() -> None:
    """Purge what is due."""
    sweeping.sweep()
    exporting.ring_for_waiting()


@shared_task(name="retention.export")
def export(pk: str) -> None:
    """Write an export for somebody who watches a page."""
    exporting.make(UUID(pk))


@shared_task(name="retention.forget_old_runs")
def forget_old_runs() -> None:
    """Receipts have a retention too."""
    sweeping.forget_old_runs()

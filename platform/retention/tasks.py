"""Doors for Celery: housekeeping of what is kept."""

from celery import shared_task

from retention import exporting, sweeping


@shared_task(name="retention.sweep")
def sweep() -> None:
    """Purge what is due."""
    sweeping.sweep()
    exporting.ring_for_waiting()


@shared_task(name="retention.export")
def export() -> None:
    """Write exports for people who watch a page."""
    exporting.make()


@shared_task(name="retention.tidy")
def tidy() -> None:
    """Receipts have a retention too, and crashes leave files that no row names."""
    sweeping.forget_old_runs()
    sweeping.tidy()

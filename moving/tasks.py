"""Doors for Celery: nothing in, nothing back."""

from celery import shared_task

from moving import importing


@shared_task(name="moving.work")
def work() -> None:
    """Look at files, and import what was chosen."""
    importing.work()


@shared_task(name="moving.ring_again")
def ring_again() -> None:
    """Ring for whatever still waits."""
    importing.ring_for_waiting()

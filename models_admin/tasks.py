"""Doors for Celery: housekeeping of model files."""

import time

from celery import shared_task
from celery.worker import state

from accounts.bells import ring
from models_admin import downloading, hashing, placing, registry, uploading
from models_admin.models import Download

LOOK_SECONDS, PAUSE_SECONDS = 20.0, 1.0
HISTORY_DAYS = 90


@shared_task(name="models.scan")
def scan() -> None:
    """Look at the folder; while something in it is being written, for a while longer."""
    until = time.monotonic() + LOOK_SECONDS
    uploading.drop_abandoned()
    while registry.scan() and time.monotonic() < until and not _stopping():
        time.sleep(PAUSE_SECONDS)
    ring("models.hash")
    if Download.objects.filter(state=Download.State.ASKED).exists():
        ring("models.download")


@shared_task(name="models.hash")
def hash_files() -> None:
    """Hash what was found."""
    hashing.hash_waiting(stopping=_stopping)


@shared_task(name="models.download")
def download() -> None:
    """Fetch what was asked for from a hub; the folder is looked at then."""
    downloading.fetch_waiting(stopping=_stopping)
    ring("models.scan")


@shared_task(name="models.forget")
def forget() -> None:
    """Cut the history of machines."""
    placing.forget_old(days=HISTORY_DAYS)


def _stopping() -> bool:
    """Whether this worker has been told to end."""
    return state.should_stop is not None or state.should_terminate is not None

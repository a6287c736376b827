"""Doors for Celery: ids in, nothing back."""

import threading
from uuid import UUID

from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down

from chat import queue, reconciling, serving
from models_admin import placing
from models_admin.hosting import is_host


@shared_task(name="chat.serve")
def serve(deployment_pk: str) -> None:
    """Somebody waits for this deployment."""
    serving.serve(UUID(deployment_pk))


@shared_task(name="chat.reap")
def reap() -> None:
    """Free what dead workers held."""
    queue.reap()
    placing.settle_silent()


@shared_task(name="chat.ring_again")
def ring_again() -> None:
    """Ring for whatever still waits: a bell may have been lost."""
    for pk in queue.waiting_deployments():
        serve.delay(pk)


@worker_ready.connect
def open_host(sender: object, **kwargs: object) -> None:
    """A host begins: it says that it lives, and goes its rounds, which load what is deployed."""
    if is_host(sender):
        threading.Thread(target=reconciling.go_round, name="rounds", daemon=True).start()


@worker_shutting_down.connect
def close_host(sender: object, **kwargs: object) -> None:
    """A host ends: what it was writing goes back to the queue with its words."""
    if is_host(sender):
        threading.Thread(target=serving.close, name="closing", daemon=True).start()

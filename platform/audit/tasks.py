"""Doors for Celery: housekeeping of the log."""

import logging
from uuid import UUID

from celery import shared_task
from celery.signals import worker_ready, worker_shutdown
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from audit import anchoring, pruning, refusals, sealing, telling, verification
from audit.actions import Unwritten

log = logging.getLogger(__name__)


@shared_task(name="audit.anchor")
def anchor() -> None:
    """Sign the head and keep it outside the database."""
    anchoring.anchor(now=timezone.now())


@shared_task(name="audit.tell")
def tell() -> None:
    """Write held refusals, forward entries, mail alerts."""
    refusals.write_held()
    telling.forward(now=timezone.now())
    telling.alert()


@shared_task(name="audit.prune")
def prune() -> None:
    """Cut what need not be kept."""
    pruning.prune()


@shared_task(name="audit.verify")
def verify(pk: str) -> None:
    """Verify the log for somebody who watches a page."""
    verification.run(UUID(pk))


@shared_task(name="audit.seal")
def seal(key: str) -> None:
    """Sign an export for a web process that waits."""
    sealing.answer(key)


def _keeps_house(sender: object) -> bool:
    return str(getattr(sender, "hostname", sender)).startswith("housekeeping")


def _anchor_now() -> None:
    """Anchor where possible: a start or an end waits for nothing."""
    try:
        anchor()
    except (DatabaseError, InterfaceError, Unwritten):
        log.warning("no anchor: the database is away")


@worker_ready.connect
def anchor_at_start(sender: object, **kwargs: object) -> None:
    """An older database behind newer anchors is found at once."""
    if _keeps_house(sender):
        _anchor_now()


@worker_shutdown.connect
def anchor_at_end(sender: object, **kwargs: object) -> None:
    """What was written until now is anchored before the end."""
    if _keeps_house(sender):
        _anchor_now()

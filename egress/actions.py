"""Begin a self-test, and do this process's part of it."""

from contextlib import suppress
from functools import partial
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.authority import require
from accounts.models import User
from accounts.roles import Power
from audit import verbs
from audit.actions import record
from audit.entry import Target
from egress.models import Probe, Trial
from egress.places import PLACES, Found, Place, try_all
from egress.queries import latest
from models_admin.queries import alive

KEPT = 50  # self-tests; older ones go
EXPIRES = 10.0  # seconds; a worker that was away does not begin later


def places() -> tuple[Place, ...]:
    """Return where to knock: at PLACES, unless the settings name others as (host, port)."""
    named = getattr(settings, "EGRESS_PLACES", None)
    return PLACES if named is None else tuple(Place(*one) for one in named)


def here() -> str:
    """Return what this process calls itself in a self-test."""
    return f"{settings.ENV.role or 'command'} on {settings.HOST}"


def ask(*, by: User) -> Trial:
    """Have this process, every host and housekeeping knock. One at a time: who asks again sees the one at work.

    Raises Refused.
    """
    require(by, Power.SET_ORGANISATION)
    running = latest()
    if running is not None and not running.is_over(timezone.now()):
        return running
    return begin(asked_by=by.pk)


@transaction.atomic
def begin(*, asked_by: UUID | None) -> Trial:
    """Write a self-test down; once that is committed everybody knocks, this process before it returns."""
    hosts = [f"host on {host.name}" for host in alive()]
    trial = Trial.objects.create(asked_by=asked_by, expected=[here(), *hosts, "housekeeping"])
    Trial.objects.exclude(pk__in=list(Trial.objects.values_list("pk", flat=True)[:KEPT])).delete()
    trial.refresh_from_db()
    transaction.on_commit(partial(_everybody, trial.pk))
    record(verbs.EGRESS_TESTED, targets=[Target("trial", trial.pk)], facts={"places": len(places())})
    return trial


def _everybody(trial: UUID) -> None:
    for task in ("egress.try_host", "egress.try_housekeeping"):
        with suppress(Exception):  # without Redis they stay silent, which the page says
            current_app.send_task(task, (str(trial),), retry=False, expires=EXPIRES)
    try_here(trial)


def try_here(trial: UUID) -> None:
    """Knock from this process, and write down what came of it."""
    if Trial.objects.filter(pk=trial).exists():
        note(trial, try_all(places()))


def note(trial: UUID, found: list[Found], *, process: str = "") -> None:
    """Write down what a process found. One that was asked twice is heard once."""
    who = process or here()
    rows = [
        Probe(trial_id=trial, process=who, place=str(one.place), outcome=one.outcome, milliseconds=one.milliseconds)
        for one in found
    ]
    with suppress(IntegrityError), transaction.atomic():
        Probe.objects.bulk_create(rows)

"""Doors for Celery: pulses, and a look now and then."""

from contextlib import suppress

import redis
from celery import shared_task
from celery.signals import after_task_publish, beat_init, worker_ready, worker_shutdown

from health import history, probing, pulses, tallying
from models_admin.hosting import is_host


@shared_task(name="health.pulse")
def pulse() -> None:
    """Housekeeping's queue is worked off."""
    pulses.mark(pulses.HOUSEKEEPING)


@shared_task(name="health.pulse_hosts")
def pulse_hosts() -> None:
    """This host hears bells and answers them."""
    pulses.mark(pulses.of_host())


@shared_task(name="health.look")
def look() -> None:
    """Write down how everything is, and count what has ended."""
    history.note(probing.look())
    tallying.tally()


@shared_task(name="health.forget")
def forget() -> None:
    """Cut the history."""
    history.forget_old()


@after_task_publish.connect(sender="health.pulse")
@beat_init.connect
def beat_lives(**kwargs: object) -> None:
    """Beat has begun, or has sent a pulse."""
    _mark(pulses.BEAT)


@worker_ready.connect
def arrive(sender: object, **kwargs: object) -> None:
    """A worker that takes bells from now on lives until its first pulse is due: no house is red because it began."""
    _mark(pulses.of_host() if is_host(sender) else pulses.HOUSEKEEPING)


@worker_shutdown.connect
def leave(sender: object, **kwargs: object) -> None:
    """A host that ends in order is not missed."""
    if is_host(sender):
        with suppress(redis.RedisError):
            pulses.forget(pulses.of_host())


def _mark(whose: str) -> None:
    with suppress(redis.RedisError):
        pulses.mark(whose)

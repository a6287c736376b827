"""Doors for Celery: pulses, and a look now and then."""

from contextlib import suppress

import redis
from celery import shared_task
from celery.signals import after_task_publish, worker_shutdown

from health import history, probing, pulses, tallying


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
def beat_lives(**kwargs: object) -> None:
    """Beat has sent a pulse."""
    with suppress(redis.RedisError):
        pulses.mark(pulses.BEAT)


@worker_shutdown.connect
def leave(sender: object, **kwargs: object) -> None:
    """A host that ends in order is not missed."""
    if str(getattr(sender, "hostname", sender)).startswith("host"):
        with suppress(redis.RedisError):
            pulses.forget(pulses.of_host())

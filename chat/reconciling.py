"""What a host does unasked: again and again it compares what should be with what is, and makes it so.

A bell that is lost only delays: whatever a bell would have begun is begun by the next round.
"""

import logging
import threading
import time

from django.db import connection
from django.utils.translation import gettext_noop

from chat import queue, serving
from chat.serving import AWAY, closing
from chat.telling import Teller
from models_admin import hosting, live, placing
from models_admin.models import Deployment, Host
from models_admin.seat import Seat, all_seats, seat_of

log = logging.getLogger(__name__)
ROUND_SECONDS, SPEAK_SECONDS, FILES_SECONDS = 1.0, 2.0, 20.0
CHANGED = gettext_noop("Its settings have changed: it is loaded anew.")
UNWANTED = gettext_noop("It is not to be hosted here any more.")
IDLE = gettext_noop("Nobody has asked it for a while.")


class Rounds:
    """The rounds of one host."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.spoke = self.looked = float("-inf")
        self.teller = Teller()

    def go(self, now: float) -> None:
        """Go round once; `now` is of the monotonic clock."""
        wanted = hosting.wanted_here(self.host)
        if now - self.spoke >= SPEAK_SECONDS:
            self.spoke = now
            hosting.speak(self.host, wanted)
        if now - self.looked >= FILES_SECONDS:
            self.looked = now
            hosting.look_at_files(self.host)
        live.tell(self.host.pk, self.teller.facts(all_seats(), now))
        waiting = set(queue.waiting_deployments())
        here = {one.pk for one in wanted}
        for seat in all_seats():
            if seat.pk not in here and (seat.engine is not None or seat.draining.is_set()):
                drain(seat, UNWANTED)
        for one in wanted:
            settle(one, seat_of(one.pk), asked=str(one.pk) in waiting, now=now)
        for pk in waiting - set(map(str, here)):
            refuse_switched_off(pk)


def settle(deployment: Deployment, seat: Seat, *, asked: bool, now: float) -> None:
    """Bring one model to where it should be, or a step nearer."""
    if seat.draining.is_set():
        ring(seat)
    elif seat.engine is None:
        if asked or (deployment.keeping == Deployment.Keeping.ALWAYS and placing.may_load(deployment)):
            ring(seat)
    elif seat.revision != deployment.revision:
        if placing.may_replace(deployment):
            drain(seat, CHANGED)
    elif asked:
        ring(seat)
    elif is_idle(deployment, seat, now=now):
        placing.draining(deployment)
        drain(seat, IDLE)


def is_idle(deployment: Deployment, seat: Seat, *, now: float) -> bool:
    """Whether it is loaded on demand alone, and nobody has asked for so long."""
    minutes = deployment.idle_minutes if deployment.keeping == Deployment.Keeping.DEMAND else 0
    return bool(minutes) and not seat.serving.locked() and now - seat.used >= 60 * minutes


def drain(seat: Seat, why: str) -> None:
    """Let the answers under way end, and let go of it then."""
    seat.drain(why)
    ring(seat)


def refuse_switched_off(pk: str) -> None:
    """Nobody will ever answer where a model was switched off: those who wait are told."""
    if Deployment.objects.filter(pk=pk, enabled=False).exists():
        queue.refuse_waiting(Deployment(pk=pk).pk, serving.GONE)


def ring(seat: Seat) -> None:
    """Have a thread serve, unless one does."""
    seat.rung.set()
    if not seat.serving.locked():
        threading.Thread(target=_serve, args=(seat,), name=f"seat {seat.pk}").start()


def _serve(seat: Seat) -> None:
    try:
        serving.keep_serving(seat)
    except Exception:
        log.exception("serving failed")
    finally:
        connection.close()


def go_round() -> None:
    """Go round until this process is asked to end, from when the database is there. Runs in a thread of its own."""
    rounds: Rounds | None = None
    while not closing.is_set():
        try:
            rounds = rounds or Rounds(hosting.begin())
            rounds.go(time.monotonic())
        except AWAY:
            connection.close()
        except Exception:
            log.exception("a round failed")
        closing.wait(ROUND_SECONDS)
    connection.close()

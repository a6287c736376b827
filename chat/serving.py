"""A host's loop for one deployment: claim what waits, write many answers at once, leave when nothing is left.

Celery only rings. The loop owns the engine while it holds the seat; a ring that arrives while another thread serves
is remembered, so that no question waits because two bells met.
"""

import logging
import threading
import time
from uuid import UUID

import redis
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_noop

from audit.actions import Unwritten
from chat import outside, prompt, queue, recipes, stream
from chat.models import Generation
from chat.writing import Writing
from models_admin import hosting, placing
from models_admin.engine.process import ModelRefused
from models_admin.engine.protocol import Ended, Engine, EngineDied, Event, Piece, Started
from models_admin.models import Deployment
from models_admin.seat import Seat, all_seats, seat_of

log = logging.getLogger(__name__)

STREAM_SECONDS = 0.04  # words are joined for this long before they go to the stream
STORE_SECONDS = 1.0
CLAIM_SECONDS = 0.25  # how often the queue is looked at while answers run
OUTAGE_SECONDS = 0.5  # between two tries while a server is away
# The database is away. Any other error of it is ours: trying again would not help.
AWAY = (OperationalError, InterfaceError, Unwritten)
ELSEWHERE = gettext_noop("The server of this model cannot be asked at present. Administrators see why on its page.")
GONE = gettext_noop("This model is no longer served here. Ask again with another one.")

closing = threading.Event()  # this process is asked to end: give everything back


def serve(pk: UUID) -> None:
    """Serve a deployment until nothing waits for it. Returns at once when another thread does already."""
    seat = seat_of(pk)
    seat.rung.set()
    keep_serving(seat)


def keep_serving(seat: Seat) -> None:
    """Serve as long as somebody rings, unless another thread does."""
    while seat.rung.is_set() and not closing.is_set() and seat.serving.acquire(blocking=False):
        try:
            seat.rung.clear()
            _serve(seat)
        finally:
            seat.serving.release()


def _serve(seat: Seat) -> None:
    if seat.draining.is_set():
        _let_go(seat)
        if str(seat.pk) in queue.waiting_deployments():
            seat.rung.set()
        return
    deployment = hosting.wanted(seat.pk, hosting.me())
    if deployment is None:
        _leave(seat)
        return
    try:
        if rests := placing.resting(deployment):
            raise ModelRefused(rests)
        if seat.engine is None and not placing.may_load(deployment) and placing.served_elsewhere(seat.pk):
            return  # it was refused here a moment ago, and another machine answers
        engine = seat.take(deployment)
    except ModelRefused as refusal:
        _answer_all(seat, ELSEWHERE if deployment.endpoint_id else str(refusal))
        return
    shift = Shift(seat, engine, careful=placing.is_on_trial(deployment))
    try:
        shift.work()
    except EngineDied as death:
        log.warning("engine died", extra={"deployment": str(seat.pk), "answers": len(shift.writings)})
        _died(seat, deployment, shift, str(death))
    except Exception:
        seat.drop()  # a fault of ours: the leases run out, and the answers are tried again with a fresh engine
        raise
    seat.used = time.monotonic()
    if seat.draining.is_set():
        seat.rung.set()


def _let_go(seat: Seat) -> None:
    """What was under way has ended: unload."""
    seat.drop()
    placing.unloaded(seat.pk, seat.why)
    seat.draining.clear()


def _leave(seat: Seat) -> None:
    """It is not to be hosted here. Where it is switched off nobody will ever answer, so they are told."""
    if seat.engine is not None:
        seat.why = seat.why or "It is not to be hosted here any more."
        _let_go(seat)
    if not Deployment.objects.filter(pk=seat.pk, enabled=True).exists():
        queue.refuse_waiting(seat.pk, GONE)


def _answer_all(seat: Seat, reason: str) -> None:
    """Tell those who wait why nobody answers, unless another machine does."""
    if not placing.served_elsewhere(seat.pk):
        queue.refuse_waiting(seat.pk, reason)


def _died(seat: Seat, deployment: Deployment, shift: "Shift", reason: str) -> None:
    """Give the answers back; where no single answer is to blame, the model may have to rest."""
    seat.drop()
    to_blame = shift.alone and not shift.careful and bool(shift.writings)
    shift.give_back(failed=True)
    if placing.crashed(deployment, f"Its process ended ({reason})."[:500], blamed=to_blame):
        _answer_all(seat, placing.resting(deployment))
    else:
        seat.rung.set()


class Shift:
    """One stretch of serving: the answers under way and the clocks of their flushes."""

    def __init__(self, seat: Seat, engine: Engine, *, careful: bool = False) -> None:
        self.seat = seat
        self.engine = engine
        self.careful = careful  # the model is on trial: one answer at a time until one has ended well
        self.writings: dict[str, Writing] = {}
        self.unsent: list[tuple[UUID, dict[str, object]]] = []
        self.alone = False  # one answer that may be deadly is written by itself
        self.streamed = self.stored = self.claimed = 0.0

    def work(self) -> None:
        """Claim and write until nothing is left or this process is asked to end."""
        while not closing.is_set():
            now = time.monotonic()
            claimed = self.claim(now)
            if not self.writings and not claimed:
                return
            for event in self.engine.poll(STREAM_SECONDS):
                self.take(event)
            self.flush(time.monotonic())
        self.give_back(failed=False)

    def claim(self, now: float) -> bool:
        """Fill the free slots from the queue. Return whether to look again soon."""
        self.alone = self.alone and bool(self.writings)
        if self.seat.draining.is_set():
            return bool(self.writings)
        free = 0 if self.alone else self.engine.ready.slots - len(self.writings)
        if free <= 0 or (self.writings and now - self.claimed < CLAIM_SECONDS and not self.seat.rung.is_set()):
            return True
        self.claimed = now
        self.seat.rung.clear()
        try:
            while free > 0 and (generation := queue.claim(self.seat.pk, suspects=not self.writings)):
                self.begin(generation)
                self.alone = self.careful or queue.is_suspect(generation)
                free = 0 if self.alone else free - 1
        except AWAY:
            self.outage()
            return True
        return bool(self.writings)

    def begin(self, generation: Generation) -> None:
        """Hand one claimed answer to the engine, behind the words already shown.

        Nothing is held of it before the engine has it. Where a fault of ours keeps it from that, its lease runs out.
        """
        text = stream.shown(generation.pk, generation.message.text)
        deployment = generation.deployment
        leaves = deployment.leaves or self.engine.ready.leaves
        if leaves and not outside.let_out(generation, text=text):
            return
        writing = Writing(
            generation.pk,
            generation.attempt,
            deployment.name,
            text,
            earlier_tokens=generation.output_tokens,
            earlier_seconds=generation.decode_seconds,
            tells=deployment.endpoint_id is not None,
        )
        queue.note(
            generation.pk,
            generation.attempt,
            model_name=deployment.name,
            model_sha256=self.engine.ready.sha256,
            left_premises=leaves or outside.has_left(generation),
            recipe=recipes.keep(recipes.facts_of(generation, self.engine.ready, self.seat.loaded)),
        )
        request = prompt.request_for(generation, id=writing.id, prefix=text)
        try:
            self.engine.submit(request)
        except EngineDied:  # of another answer: this one was not begun
            self.try_database(lambda: queue.release(writing.pk, writing.attempt))
            raise
        self.writings[writing.id] = writing

    def take(self, event: Event) -> None:
        """Apply what the engine said. Events of answers that were given up are ignored."""
        writing = self.writings.get(event.id)
        if writing is None:
            return
        match event:
            case Started():
                self.unsent.append((writing.pk, writing.started(event.left_out)))
                self.try_database(
                    lambda: queue.note(
                        writing.pk, writing.attempt, left_out=event.left_out, prompt_tokens=event.prompt_tokens
                    )
                )
            case Piece():
                writing.add(event.text)
            case Ended():
                writing.ended = event

    def flush(self, now: float) -> None:
        """Send words to the stream, store and renew once a second, and end what has ended."""
        for writing in self.writings.values():
            if frame := writing.grew():
                self.unsent.append((writing.pk, frame))
        self.send(now)
        if now - self.stored >= STORE_SECONDS:
            self.stored = now
            self.store()
        for writing in [w for w in self.writings.values() if w.ended]:
            self.end(writing)

    def send(self, now: float) -> None:
        """Append what is unsent. While Redis is away nothing is kept: PostgreSQL has it within a second."""
        if not self.unsent or now < self.streamed:
            self.unsent = self.unsent if now >= self.streamed else []
            return
        try:
            stream.add(self.unsent)
        except redis.RedisError:
            self.streamed = now + OUTAGE_SECONDS
        self.unsent = []

    def store(self) -> None:
        """Store every text, renew every lease, hear of stops and of replacements."""
        held = list(self.writings.values())
        try:
            stops = queue.keep_all([queue.Kept(one.pk, one.attempt, one.unsaved()) for one in held])
            self.note_first_words([one for one in held if one.text and not one.spoke and one.key in stops])
        except AWAY:
            self.outage()
            return
        for writing in held:
            writing.stored = len(writing.text)
            if writing.key not in stops:
                log.warning("replaced", extra={"generation": str(writing.pk), "attempt": writing.attempt})
                del self.writings[writing.id]
            writing.late = writing.late or time.monotonic() - writing.began > settings.ANSWER_SECONDS
            if stops.get(writing.key, True) or writing.late:
                self.engine.cancel(writing.id)

    def note_first_words(self, speaking: list[Writing]) -> None:
        """Write down when answers began to speak, to the second."""
        for writing in speaking:
            writing.spoke = True
            queue.note(writing.pk, writing.attempt, first_word_at=Coalesce("first_word_at", Now()))

    def end(self, writing: Writing) -> None:
        """Write the last word: first to PostgreSQL, then to the stream. While PostgreSQL is away, try again."""
        state, reason = writing.outcome()
        try:
            mine = queue.finish(
                writing.pk, writing.attempt, state=state, text=writing.text, reason=reason, **writing.facts()
            )
        except AWAY:
            self.outage()
            return
        del self.writings[writing.id]
        if self.careful and state == Generation.State.DONE:
            self.careful = self.alone = False
            self.try_database(lambda: placing.recovered(self.seat.pk))
        if mine:
            self.unsent.append((writing.pk, writing.ended_frame()))
            self.send(time.monotonic())

    def give_back(self, *, failed: bool) -> None:
        """Return every answer to the queue with its words, for another attempt; after failures too many, give it up."""
        for writing in self.writings.values():
            writing.grew()
            self.engine.cancel(writing.id) if not failed else None
            self.try_database(lambda w=writing: queue.release(w.pk, w.attempt, text=w.text, failed=failed))
        self.writings.clear()

    def try_database(self, write: object) -> None:
        """Write where it can be done without: the reaper or the next write makes up for a loss."""
        try:
            write()  # type: ignore[operator]
        except AWAY:
            self.outage()

    def outage(self) -> None:
        """The database is away: drop the broken connection and give it a moment."""
        connection.close()
        time.sleep(OUTAGE_SECONDS)


def close() -> None:
    """End serving: shifts give their answers back, engines are let go."""
    closing.set()
    for seat in all_seats():
        if seat.serving.acquire(timeout=5):
            seat.drop()

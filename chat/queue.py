"""PostgreSQL is the queue: fair claims, leases, fences. All times are the database's.

A worker owns a running answer through its `attempt`: every write says so, and a write that finds no row means
"I was replaced".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial, reduce
from operator import or_
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Avg, Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_noop

from chat import bell, stream, tabs
from chat.models import Conversation, Generation, Message
from models_admin.models import Deployment
from models_admin.queries import places_of, unheard

State = Generation.State
# A worker that dies with the same answer three times running is likely dying of it.
MOST_FAILURES = 3
CLAIMING = 0x48454154  # an advisory lock
UNHOSTED = gettext_noop("The machine that was answering went away. What it had said is kept.")
DEADLY = gettext_noop("The model stopped working three times on this answer.")


def _lease() -> object:
    return Now() + timedelta(seconds=settings.ANSWER_LEASE_SECONDS)


def _running(field: str) -> Coalesce:
    """Count what runs already for the same user or team."""
    same = Generation.objects.filter(state=State.RUNNING, **{field: OuterRef(field)}).order_by()
    return Coalesce(Subquery(same.values(field).annotate(n=Count("pk")).values("n")), 0)


def _limit() -> dict[str, int]:
    """Return what keeps people who have enough answers under way. Hosts then claim one after the other, so that it is
    exact: a claim takes some milliseconds.
    """
    if not settings.ANSWERS_AT_ONCE:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIMING])
    return {"of_user__lt": settings.ANSWERS_AT_ONCE}


def is_suspect(generation: Generation) -> bool:
    """Whether it may be this answer that its workers die of: it is written alone, so that nobody dies with it."""
    return generation.failures >= MOST_FAILURES - 1


def _behind() -> Exists:
    """Match what waits behind an earlier answer of the same chat. The two of a pair are written side by side."""
    live = Q(state=State.QUEUED) | Q(state=State.RUNNING)  # `IN` would use neither of the two indexes
    earlier = Generation.objects.for_hosts().filter(live, chat=OuterRef("chat"))
    others = earlier.alias(one=Coalesce("pair", "pk")).exclude(one=Coalesce(OuterRef("pair"), OuterRef("pk")))
    return Exists(others.filter(queued_at__lt=OuterRef("queued_at")))


def claim(deployment_pk: UUID, *, suspects: bool = True) -> Generation | None:
    """Take the next waiting answer: fewest running for its user, then for its team, then the oldest.

    A question that was asked while an answer of its chat is still written waits for the end of that.

    Without `suspects` nothing is taken while it is a suspect's turn: it waits for the others to end.
    """
    with transaction.atomic():
        at_once = _limit()
        waiting = (
            Generation.objects.for_hosts()
            .select_for_update(skip_locked=True, of=("self",))
            .filter(~_behind(), state=State.QUEUED, deployment=deployment_pk)
            .annotate(of_user=_running("user"), of_team=_running("team"))
            .filter(**at_once)
            .order_by("of_user", "of_team", "queued_at", "pk")
        )
        generation = waiting.first()
        if generation is None or (is_suspect(generation) and not suspects):
            return None
        Generation.objects.for_hosts().filter(pk=generation.pk).update(
            state=State.RUNNING,
            attempt=F("attempt") + 1,
            lease_until=_lease(),
            started_at=Coalesce("started_at", Now()),
            reason="",
            ended_at=None,
        )
    return (
        Generation.objects.for_hosts()
        .select_related("message__conversation__project", "deployment__endpoint")
        .get(pk=generation.pk)
    )


def _mine(pk: UUID, attempt: int) -> Q:
    return Q(pk=pk, attempt=attempt, state=State.RUNNING)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a worker holds of one running answer; `text` where PostgreSQL has less of it."""

    pk: UUID
    attempt: int
    text: str | None


@transaction.atomic
def keep_all(held: Sequence[Kept]) -> dict[tuple[UUID, int], bool]:
    """Renew the leases and store the words of many answers, in a handful of queries.

    Return for each (pk, attempt) whether a stop was asked for. Who is missing was replaced; nothing of it was written.
    """
    mine = reduce(or_, (_mine(one.pk, one.attempt) for one in held), Q(pk__in=[]))
    rows = Generation.objects.for_hosts().select_for_update(of=("self",)).filter(mine).order_by("pk")
    found = {
        (pk, attempt): (message, stop)
        for pk, attempt, message, stop in rows.values_list("pk", "attempt", "message_id", "stop_requested")
    }
    Generation.objects.for_hosts().filter(pk__in=[pk for pk, _ in found]).update(lease_until=_lease())
    texts = [((one.pk, one.attempt), one.text) for one in held if one.text is not None]
    grown = [Message(pk=found[key][0], text=text) for key, text in texts if key in found]
    Message.objects.for_hosts().bulk_update(grown, ["text"])
    return {key: stop for key, (_, stop) in found.items()}


def keep(pk: UUID, attempt: int, *, text: str | None) -> bool | None:
    """Renew one lease and store its words. Return whether a stop was asked for, or None when replaced."""
    return keep_all([Kept(pk, attempt, text)]).get((pk, attempt))


def note(pk: UUID, attempt: int, **facts: object) -> None:
    """Write down facts of a running answer (counts, times, what was left out)."""
    Generation.objects.for_hosts().filter(_mine(pk, attempt)).update(**facts)


@transaction.atomic
def finish(pk: UUID, attempt: int, *, state: str, text: str, reason: str = "", **facts: object) -> bool:
    """End a running answer with its whole text. Return False when replaced: then nothing was written.

    The conversation is locked before the answer, as everywhere: two orders would be a deadlock.
    """
    conversation = Conversation.objects.for_hosts().select_for_update().filter(messages__generation=pk).first()
    if conversation is None:
        return False
    ended = (
        Generation.objects.for_hosts()
        .filter(_mine(pk, attempt))
        .update(state=state, reason=reason, lease_until=None, stop_requested=False, ended_at=Now(), **facts)
    )
    if ended:
        Message.objects.for_hosts().filter(generation=pk).update(text=text)
        news = {} if state == State.STOPPED else {"unread": True}  # who stops an answer has seen it
        Conversation.objects.for_hosts().filter(pk=conversation.pk).update(last_activity_at=Now(), **news)
        tabs.tell_changed(conversation.owner_id, conversation.pk)
        transaction.on_commit(partial(bell.ring_behind, [pk]))
    return bool(ended)


@transaction.atomic
def release(pk: UUID, attempt: int, *, text: str | None = None, failed: bool = False) -> bool:
    """Give a running answer back: another attempt goes on behind its words.

    `failed` counts against it, and the third time it is given up.
    """
    mine = Generation.objects.for_hosts().filter(_mine(pk, attempt))
    held = mine.select_for_update(of=("self",)).first()
    if held is None:
        return False
    if text is not None:
        Message.objects.for_hosts().filter(pk=held.message_id).update(text=text)
    if failed and is_suspect(held):
        end_unowned(mine, state=State.FAILED, reason=DEADLY)
    else:
        mine.update(state=State.QUEUED, lease_until=None, failures=F("failures") + int(failed))
    return True


@transaction.atomic
def end_unowned(rows: QuerySet[Generation], *, state: str, reason: str = "") -> int:
    """End answers that no worker writes, each with every word that anybody has seen. Return how many."""
    ended = []
    for generation in rows.select_for_update(of=("self",)).select_related("message").order_by("pk"):
        message = generation.message
        text = stream.shown(generation.pk, message.text)
        if text != message.text:
            Message.objects.for_hosts().filter(pk=message.pk).update(text=text)
        ended.append(generation.pk)
    if ended:
        transaction.on_commit(partial(bell.ring_behind, ended))
        transaction.on_commit(partial(_note_end, ended, unread=state != State.STOPPED))
    return (
        Generation.objects.for_hosts()
        .filter(pk__in=ended)
        .update(state=state, reason=reason[:500], lease_until=None, stop_requested=False, ended_at=Now())
    )


def _note_end(ended: list[UUID], *, unread: bool) -> None:
    """Mark the chats of answers that have ended, and tell their owners.

    Behind the commit: conversations are locked before answers, and the answers were locked.
    """
    chats = Conversation.objects.for_hosts().filter(messages__generation__in=ended)
    told = dict(chats.values_list("pk", "owner"))
    for pk in told if unread else ():  # one by one: others lock several in an order of their own
        Conversation.objects.for_hosts().filter(pk=pk, unread=False).update(unread=True)
    tabs.tell_all_changed((owner, pk) for pk, owner in told.items())


def stop(rows: QuerySet[Generation]) -> None:
    """Stop answers: at once while they wait, between two steps while they are written. What they have said stays."""
    end_unowned(rows.filter(state=State.QUEUED), state=State.STOPPED)
    rows.filter(state=State.RUNNING).update(stop_requested=True)


def refuse_waiting(deployment_pk: UUID, reason: str) -> None:
    """The deployment cannot answer at all: whoever waits for it is told why."""
    waiting = Generation.objects.for_hosts().filter(deployment=deployment_pk, state=State.QUEUED)
    end_unowned(waiting, state=State.FAILED, reason=reason)


def reap() -> dict[str, int]:
    """Free what a dead worker held. Return how many were stopped, failed, queued again and interrupted."""
    expired = Generation.objects.for_hosts().filter(state=State.RUNNING, lease_until__lt=Now())
    stopped = end_unowned(expired.filter(stop_requested=True), state=State.STOPPED)
    deadly = end_unowned(expired.filter(failures__gte=MOST_FAILURES - 1), state=State.FAILED, reason=DEADLY)
    again = expired.update(state=State.QUEUED, lease_until=None, failures=F("failures") + 1)
    hostless = Deployment.objects.filter(unheard())
    begun = Generation.objects.for_hosts().filter(state=State.QUEUED, started_at__isnull=False)
    interrupted = end_unowned(begun.filter(deployment__in=hostless), state=State.INTERRUPTED, reason=UNHOSTED)
    return {"stopped": stopped, "failed": deadly, "queued": again, "interrupted": interrupted}


def waiting_deployments() -> list[str]:
    """Return the deployments for which answers wait."""
    waiting = Generation.objects.for_hosts().filter(state=State.QUEUED).order_by()
    return [str(pk) for pk in waiting.values_list("deployment", flat=True).distinct()]


@dataclass(frozen=True, slots=True)
class Place:
    """How many answers must end before this one begins, and about how long that takes, in seconds."""

    ahead: int
    wait_seconds: float | None


def place_of(generation: Generation) -> Place:
    """Return where a waiting answer stands; the wait is known once some answers have ended."""
    same = Generation.objects.for_hosts().filter(deployment=generation.deployment_id)
    before = same.filter(Q(state=State.RUNNING) | Q(state=State.QUEUED, queued_at__lt=generation.queued_at)).aggregate(
        n=Count("pk")
    )["n"]
    slots = generation.deployment.slots * max(1, places_of(generation.deployment_id))
    ahead = max(0, before - slots + 1)
    mean = usual_seconds(generation.deployment_id)
    return Place(ahead, None if mean is None else round(ahead * mean / slots, 1))


def usual_seconds(deployment: UUID) -> float | None:
    """Return how long the last answers of a model took on the average, in seconds; nothing where there are none."""
    took = ExpressionWrapper(F("ended_at") - F("started_at"), output_field=DurationField())
    same = Generation.objects.for_hosts().filter(deployment=deployment, state=State.DONE)
    mean = same.order_by("-ended_at").annotate(took=took)[:20].aggregate(mean=Avg("took"))["mean"]
    return None if mean is None else float(mean.total_seconds())

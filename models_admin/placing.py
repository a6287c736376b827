"""What hosts say of the models they have: written where they run, summed up in the deployment's row.

A model that stops working three times in five minutes on one machine rests there, and is tried again after a while,
with one answer alone: if that ends well it is healthy, else it rests for twice as long.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from audit import verbs
from audit.actions import record
from audit.entry import Result, Target
from audit.verbs import Verb
from models_admin.engine.protocol import Ready
from models_admin.hosting import me
from models_admin.models import Deployment, Happening, Host, Placement
from models_admin.queries import alive

State = Deployment.State
What = Happening.What
MOST_CRASHES, WITHIN = 3, timedelta(minutes=5)
REST, LONGEST_REST = 30, 600  # seconds
REFUSED_FOR = timedelta(minutes=5)  # then it is tried again: what was missing may be there
BEST_FIRST = (State.READY, State.LOADING, State.DRAINING, State.COLD, State.UNHEALTHY, State.REFUSED)
NAMES_A_FILE = ("sha256", "architecture", "quantisation")


def loading(deployment: Deployment) -> None:
    """This machine has begun to load it."""
    _place(deployment, State.LOADING)


@transaction.atomic
def ready(deployment: Deployment, told: Ready) -> None:
    """This machine has it in memory; from now on this is the file that answers."""
    place = _place(deployment, State.READY, revision=deployment.revision)
    measures = {"memory": told.memory, "vram": told.vram}
    Placement.objects.filter(pk=place.pk).update(load_seconds=told.load_seconds, **measures)
    Placement.objects.filter(pk=place.pk, retries=0).update(retry_at=None)
    facts = {name: getattr(told, name) for name in NAMES_A_FILE}
    Deployment.objects.filter(pk=deployment.pk).update(**facts)
    _happened(place, What.LOADED, seconds=told.load_seconds, **measures)
    _audit(verbs.LOADED, place, facts)


@transaction.atomic
def refused(deployment: Deployment, reason: str) -> None:
    """This machine could not load it, and this is why."""
    why = reason[:500].replace("\x00", "")
    place = _place(deployment, State.REFUSED, reason=why, revision=deployment.revision)
    Placement.objects.filter(pk=place.pk).update(retry_at=Now() + REFUSED_FOR)
    _happened(place, What.REFUSED, reason=why)
    _audit(verbs.REFUSED, place, {"reason": why}, result=Result.REFUSED)


@transaction.atomic
def may_replace(deployment: Deployment) -> bool:
    """Whether this machine may let its answers end and load anew: one machine after the other. If so it has begun."""
    Deployment.objects.select_for_update().get(pk=deployment.pk)
    busy = (State.LOADING, State.DRAINING)
    others = deployment.placements.filter(host__in=alive(), state__in=busy).exclude(host__name=settings.HOST)
    if others.exists():
        return False
    _place(deployment, State.DRAINING)
    return True


def draining(deployment: Deployment) -> None:
    """This machine lets the answers under way end, and begins no other."""
    _place(deployment, State.DRAINING)


@transaction.atomic
def unloaded(pk: UUID, reason: str) -> None:
    """This machine has let go of it."""
    place = (
        Placement.objects.filter(deployment=pk, host__name=settings.HOST).select_related("deployment", "host").first()
    )
    if place is None or place.state == State.COLD:
        return
    _place(place.deployment, State.COLD)
    _happened(place, What.UNLOADED, reason=reason)
    _audit(verbs.UNLOADED, place, {"reason": reason})


@transaction.atomic
def crashed(deployment: Deployment, reason: str, *, blamed: bool = False) -> bool:
    """Its process died here. Return whether it rests now: it has died too often, or while it was tried again.

    `blamed`: it died for the third time of one answer, which was alone with it. Once in five minutes that is forgiven.
    """
    place = _place(deployment, State.COLD, reason=reason)
    _happened(place, What.CRASHED, reason=reason)
    lately = _lately(place)
    if blamed and not lately.filter(what=What.FORGIVEN).exists():
        _happened(place, What.FORGIVEN)
        return False
    if not place.retries and not blamed and _crashes(lately) < MOST_CRASHES:
        return False
    rest = min(REST << place.retries, LONGEST_REST)
    _place(deployment, State.UNHEALTHY, reason=_rests(rest))
    later = Now() + timedelta(seconds=rest)
    Placement.objects.filter(pk=place.pk).update(retry_at=later, retries=min(place.retries + 1, 10))
    _happened(place, What.UNHEALTHY, reason=_rests(rest))
    _audit(verbs.UNHEALTHY, place, {"reason": reason, "seconds": rest}, result=Result.REFUSED)
    return True


def _rests(seconds: int) -> str:
    return gettext_noop("It stopped working again and again, and is tried again after %(seconds)s seconds.") % {
        "seconds": seconds
    }


def _lately(place: Placement) -> QuerySet[Happening]:
    return place.deployment.happenings.filter(host=place.host.name, at__gte=Now() - WITHIN)


def _crashes(lately: QuerySet[Happening]) -> int:
    """Return how often it died, since it was last found to be healthy."""
    cleared = lately.filter(what__in=(What.RECOVERED, What.FORGIVEN)).first()
    crashes = lately.filter(what=What.CRASHED)
    return (crashes.filter(pk__gt=cleared.pk) if cleared else crashes).count()


@transaction.atomic
def recovered(pk: UUID) -> None:
    """An answer ended well on trial: the model is healthy here."""
    place = Placement.objects.select_related("host").get(deployment=pk, host__name=settings.HOST)
    Placement.objects.filter(pk=place.pk).update(retries=0, retry_at=None)
    _happened(place, What.RECOVERED)
    _audit(verbs.RECOVERED, place, {})


def _mine(deployment: Deployment) -> QuerySet[Placement]:
    return Placement.objects.filter(deployment=deployment, host__name=settings.HOST)


def is_on_trial(deployment: Deployment) -> bool:
    """Whether it was unhealthy here, and has not answered since."""
    return _mine(deployment).filter(retries__gt=0).exists()


def resting(deployment: Deployment) -> str:
    """Return why it may not be loaded here yet, as a sentence, or nothing."""
    mine = _mine(deployment).filter(retry_at__gt=Now())
    return mine.filter(state=State.UNHEALTHY).values_list("reason", flat=True).first() or ""


def may_load(deployment: Deployment) -> bool:
    """Whether it should be loaded though nobody asks: not while it rests, nor again and again what is refused."""
    mine = _mine(deployment).filter(retry_at__gt=Now())
    late = mine.filter(state=State.UNHEALTHY) | mine.filter(state=State.REFUSED, revision=deployment.revision)
    return not late.exists()


def served_elsewhere(pk: UUID) -> bool:
    """Whether another machine has it in memory or is about to."""
    there = Placement.objects.filter(deployment=pk, host__in=alive()).exclude(host__name=settings.HOST)
    hopeful = Q(state=State.READY) | Q(state=State.LOADING) & ~Q(retry_at__gt=Now())
    return there.filter(hopeful).exists()


def settle_silent() -> int:
    """Say of what machines had that have gone silent that it is loaded there no longer. Return how many there were."""
    gone = Placement.objects.exclude(host__in=alive()).exclude(state=State.COLD)
    return sum(_settle_silent(pk) for pk in set(gone.values_list("deployment", flat=True)))


@transaction.atomic
def _settle_silent(pk: UUID) -> int:
    Deployment.objects.select_for_update().get(pk=pk)
    gone = Placement.objects.filter(deployment=pk).exclude(host__in=alive()).exclude(state=State.COLD)
    places = list(gone.select_related("deployment", "host"))
    for place in places:
        Placement.objects.filter(pk=place.pk).update(state=State.COLD, reason="", since=Now())
        _happened(place, What.GONE)
    sum_up(pk)
    return len(places)


def sum_up(pk: UUID) -> None:
    """Write into a deployment's row what its machines say together: the best of it."""
    rows = Placement.objects.filter(deployment=pk, host__in=alive()).values_list("state", "reason")
    states = sorted(rows, key=lambda row: BEST_FIRST.index(State(row[0])))
    state, reason = states[0] if states else (State.COLD, "")
    Deployment.objects.filter(pk=pk).exclude(state=state, reason=reason).update(state=state, reason=reason)


@transaction.atomic
def _place(deployment: Deployment, state: State, *, reason: str = "", **fields: object) -> Placement:
    """Write down how a deployment stands on this machine. Its row is locked first: what is summed up is whole."""
    Deployment.objects.select_for_update().get(pk=deployment.pk)
    values = {"state": state, "reason": reason, "since": Now(), **fields}
    place, _ = Placement.objects.select_related("host").update_or_create(
        deployment=deployment, host=me(), defaults=values
    )
    sum_up(deployment.pk)
    return Placement.objects.select_related("deployment", "host").get(pk=place.pk)


def _happened(place: Placement, what: What, **facts: object) -> None:
    Happening.objects.create(deployment_id=place.deployment_id, host=place.host.name, what=what, **facts)


def _audit(verb: Verb, place: Placement, facts: dict[str, object], *, result: Result = Result.DONE) -> None:
    targets = [Target("deployment", place.deployment_id), Target("host", place.host_id)]
    record(verb, targets=targets, facts=facts, result=result)


def forget_old(days: int) -> int:
    """Delete history that nobody looks at any more, and machines that were last heard so long ago."""
    before = Now() - timedelta(days=days)
    Host.objects.filter(heard_at__lt=before, wanted=None).delete()
    return Happening.objects.filter(at__lt=before).delete()[0]

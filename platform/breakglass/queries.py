"""Who sees which requests. What is open is decided by the database's clock, in the query itself."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Now

from accounts.authority import people_with
from accounts.models import User
from accounts.roles import Power
from breakglass.models import Glass

WAITS = timedelta(days=7)  # a request that nobody decides lapses: its reason may no longer hold
PAGE = 30
MOST_NAMED = 5
MOST_CURRENT = 200
WAITING = Q(decision=Glass.Decision.NONE, ended_at=None, asked_at__gt=Now() - WAITS)
OPEN = Q(decision=Glass.Decision.APPROVED, ended_at=None, until__gt=Now())
OVER = Q(decision=Glass.Decision.APPROVED) & (Q(ended_at__isnull=False) | Q(until__lte=Now()))
HEARD_OF = Q(told_at__isnull=False) | OVER  # the person concerned may know


class Added(TypedDict):
    """What a request carries when it is shown: what has become of it, its end, and how many chats were opened."""

    state: str
    over_at: datetime | None
    opened: int


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    ShownGlass = WithAnnotations[Glass, Added]


def glasses_open_to(reader: User) -> QuerySet[Glass]:
    """Return the glasses through which this person may look now, by rows and clock as they are now."""
    askers = people_with(Power.ASK_BREAK_GLASS, [reader.pk])
    return Glass.objects.of(reader).filter(OPEN, asked_by__in=askers).select_related("about", "asked_by")


def open_glass(reader: User, number: int) -> Glass | None:
    """Return one of them, or nothing."""
    return glasses_open_to(reader).filter(pk=number).first()


def glasses_for(keeper: User) -> "QuerySet[ShownGlass]":
    """Return the requests that somebody of the office sees, the newest first: all but those about themselves."""
    return _shown(Glass.objects.besides(keeper))


def current_for(keeper: User) -> "list[ShownGlass]":
    """Return what waits or is open, the newest first."""
    return list(glasses_for(keeper).filter(WAITING | OPEN)[:MOST_CURRENT])


def past_for(keeper: User, *, before: int | None) -> "list[ShownGlass]":
    """Return what is over behind a number, the newest first: one more than a page, where there are more."""
    past = glasses_for(keeper).exclude(WAITING | OPEN)
    return list((past.filter(pk__lt=before) if before is not None else past)[: PAGE + 1])


def glasses_about(person: User) -> "QuerySet[ShownGlass]":
    """Return the requests about a person that were opened and that they may know of, the newest first."""
    return _shown(Glass.objects.about(person).filter(HEARD_OF, decision=Glass.Decision.APPROVED))


def notices_for(person: User) -> "QuerySet[ShownGlass]":
    """Return what a person has not dismissed yet. What was dismissed while it was open comes back at its end."""
    again = OVER & Q(dismissed_at__lt=Coalesce("ended_at", "until"))
    return glasses_about(person).filter(Q(dismissed_at=None) | again)


def over_now() -> QuerySet[Glass, tuple[int, str]]:
    """Return (number, why) of the requests that are over and not yet ended, by rows and clock as they are now."""
    asker = people_with(Power.ASK_BREAK_GLASS).filter(pk=OuterRef("asked_by"))
    why = Case(
        When(OVER, then=Value(Glass.Ending.TIME)),
        When(~WAITING & Q(decision=Glass.Decision.NONE), then=Value(Glass.Ending.LAPSED)),
        When(~Exists(asker), then=Value(Glass.Ending.AUTHORITY)),
        default=Value(""),
        output_field=CharField(),
    )
    rows = Glass.objects.for_housekeeping().filter(ended_at=None).annotate(why=why).exclude(why="")
    return rows.order_by("pk").values_list("pk", "why")


def to_decide(keeper: User) -> QuerySet[Glass]:
    """Return the requests that wait for a second person and that this person may decide."""
    if not people_with(Power.APPROVE_BREAK_GLASS, [keeper.pk]).exists():
        return Glass.objects.none()
    return Glass.objects.besides(keeper).filter(WAITING).exclude(asked_by=keeper)


def deciders_of(glass: Glass) -> list[User]:
    """Return people who may decide a request: the first few, by name."""
    concerned = [pk for pk in (glass.asked_by_id, glass.about_id) if pk]
    others = people_with(Power.APPROVE_BREAK_GLASS).exclude(pk__in=concerned)
    return list(others.order_by("display_name", "email")[:MOST_NAMED])


def may_end(glass: Glass, person: User, *, owner: bool) -> bool:
    """Whether this person, an owner or not, may end a request early."""
    return person.pk != glass.about_id and (owner or person.pk in (glass.asked_by_id, glass.decided_by_id))


def candidates(asker: User, text: str) -> list[User]:
    """Return those whose name or address contains this text, whoever left too, twenty at most; never the asker."""
    fitting = Q(display_name__icontains=text) | Q(email__icontains=text)
    return list(User.objects.filter(fitting).exclude(pk=asker.pk).order_by("display_name", "email")[:20])


def _shown(glasses: QuerySet[Glass]) -> "QuerySet[ShownGlass]":
    """Add `state` (waiting, open, refused, lapsed, withdrawn, ended), `over_at` and `opened` (chats)."""
    state = Case(
        When(decision=Glass.Decision.REFUSED, then=Value("refused")),
        When(WAITING, then=Value("waiting")),
        When(OPEN, then=Value("open")),
        When(Q(decision=Glass.Decision.NONE, ended_at=None) | Q(ending=Glass.Ending.LAPSED), then=Value("lapsed")),
        When(decision=Glass.Decision.NONE, then=Value("withdrawn")),
        default=Value("ended"),
        output_field=CharField(),
    )
    return (
        glasses.select_related("asked_by", "about", "decided_by", "ended_by")
        .annotate(state=state, over_at=Coalesce("ended_at", "until"), opened=Count("looks"))
        .order_by("-number")
    )

"""Which shares somebody sees: those that they have made, and those that they may read. Whom they can share with."""

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from accounts.authority import asking_teams_of, standing_of
from accounts.lists import NAME, named
from accounts.models import Membership, Team, User
from sharing.models import Share, ShareWith
from sharing.scopes import ShareQuerySet

MOST_FOUND = 10
LEAST_LETTERS = 2


def shares_by(person: User) -> ShareQuerySet[Share]:
    """Return what a person has shared and is still open, each with its `named` readers and the `count` of messages."""
    readers = ShareWith.objects.for_housekeeping().select_related("person", "team").order_by("team__name", "pk")
    found = Share.objects.of(person).select_related("conversation", "owner").annotate(count=Count("messages"))
    return found.prefetch_related(Prefetch("readers", readers, to_attr="named"))


def shares_with(person: User) -> ShareQuerySet[Share]:
    """Return what others have shared with a person, or with a team of theirs, while it is open."""
    return Share.objects.to(person).select_related("conversation", "owner").annotate(count=Count("messages"))


def teams_of(person: User) -> QuerySet[Team]:
    """Return the teams that a person can share with: their own."""
    return Team.objects.filter(memberships__user=person).order_by("name")


def colleagues_of(person: User) -> QuerySet[User]:
    """Return whom a person can share with: everybody who is active, but themselves."""
    return User.objects.filter(is_active=True).exclude(pk=person.pk).order_by(NAME, "pk")


def people_called(text: str, person: User) -> list[User]:
    """Return a few colleagues by name or address, those of the person's own teams first; too few letters: nobody."""
    if len(text.strip()) < LEAST_LETTERS:
        return []
    own = Membership.objects.filter(user=person).values("team")
    near = Exists(Membership.objects.filter(user=OuterRef("pk"), team__in=own))
    found = colleagues_of(person).filter(named(text)).annotate(near=near)
    return list(found.order_by("-near", NAME, "pk")[:MOST_FOUND])


def teams_to_copy_into(person: User) -> list[Team]:
    """Return the teams in which a person may ask, in the order in which they were joined."""
    asking = asking_teams_of(standing_of(person))
    rows = Team.objects.in_bulk(asking)
    return [rows[pk] for pk in asking if pk in rows]

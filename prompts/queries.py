"""Which prompts somebody finds. Every look-up starts from who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from accounts.authority import Standing, teams_allowed
from accounts.models import Team, User
from accounts.roles import Power
from prompts.difference import Piece, difference
from prompts.models import Prompt, Version
from prompts.shelves import Place, Shelf, readable, writable

PAGE = 50
MOST_PICKED = 500
MOST_STARTERS = 4
VERSIONS = 20
ERASED = "@erased.invalid"

NEAR = Case(
    When(owner__isnull=False, then=Value(0)),
    When(team__isnull=False, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def usable_by(user: User) -> QuerySet[Prompt]:
    """Return what a person may use, their own first."""
    found = Prompt.objects.filter(readable(user), deleted_at=None)
    return found.select_related("owner", "team").annotate(near=NEAR).order_by("near", "name", "pk")


def found_by(user: User, standing: Standing) -> QuerySet[Prompt]:
    """Return what a person may use or change."""
    found = Prompt.objects.filter(readable(user) | writable(user, standing), deleted_at=None)
    return found.select_related("owner", "team").annotate(near=NEAR).order_by("near", "name", "pk")


def deleted_by(user: User, standing: Standing) -> QuerySet[Prompt]:
    """Return what a person could put back."""
    found = Prompt.objects.filter(writable(user, standing), deleted_at__isnull=False)
    return found.select_related("owner", "team")


def writes(prompt: Prompt, user: User, standing: Standing) -> bool:
    """Whether a person may change a prompt that is in hand."""
    if prompt.shelf == Shelf.OWN:
        return prompt.owner_id == user.pk
    if prompt.shelf == Shelf.TEAM:
        return standing.allows(Power.WRITE_TEAM_PROMPTS, prompt.team_id)
    return standing.allows(Power.WRITE_PROMPTS)


def shelves_of(standing: Standing, user: User) -> list[tuple[str, str]]:
    """Return the shelves that a person looks at, each by what stands for it in an address."""
    teams = Team.objects.filter(pk__in=list(standing.teams)).order_by("name")
    named = [(str(team.pk), team.name) for team in teams]
    return [(Shelf.OWN.value, _("Yours")), *named, (Shelf.ORGANISATION.value, _("Organisation"))]


def places_to_write(user: User, standing: Standing) -> list[Place]:
    """Return the shelves on which a person may put prompts: of teams those that they are in."""
    mine = teams_allowed(standing, Power.WRITE_TEAM_PROMPTS).filter(pk__in=list(standing.teams)).order_by("name")
    house = [Place()] if standing.allows(Power.WRITE_PROMPTS) else []
    return [Place(owner=user), *(Place(team=team) for team in mine), *house]


def on_shelf(found: QuerySet[Prompt], shelf: str, user: User) -> QuerySet[Prompt]:
    """Return what stands on one shelf, or on any where none is named."""
    if not shelf:
        return found
    if shelf == Shelf.OWN:
        return found.filter(owner=user)
    return found.filter(owner=None, team=None) if shelf == Shelf.ORGANISATION else found.filter(team=UUID(shelf))


def with_words(found: QuerySet[Prompt], words: str) -> QuerySet[Prompt]:
    """Return what has all of these words in its name, title or text."""
    for word in words.split()[:8]:
        bare = word.removeprefix("/")
        found = found.filter(Q(name__icontains=bare) | Q(title__icontains=word) | Q(text__icontains=word))
    return found


def starters_of(user: User) -> list[Prompt]:
    """Return what an empty chat offers, the nearest first."""
    return list(usable_by(user).filter(starter=True)[:MOST_STARTERS])


@dataclass(frozen=True, slots=True)
class Past:
    """One version beside the one before it."""

    version: Version
    by: str
    pieces: Sequence[Piece]
    is_first: bool
    is_now: bool


def history_of(prompt: Prompt, *, before: int | None = None) -> tuple[list[Past], int | None]:
    """Return versions, the latest first, and the number below which the next page begins."""
    rows = prompt.versions.order_by("-number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    found = list(rows[: VERSIONS + 1])
    names = _names([row.by for row in found])
    earlier: list[Version | None] = [*found[1:], None]
    past = [
        Past(
            version=row,
            by=names.get(row.by) or _("somebody who has left"),
            pieces=difference(last.text if last else "", row.text),
            is_first=last is None,
            is_now=row.number == prompt.version,
        )
        for row, last in zip(found, earlier, strict=True)
    ]
    return past[:VERSIONS], found[VERSIONS - 1].number if len(found) > VERSIONS else None


def _names(pks: Sequence[UUID]) -> dict[UUID, str]:
    people = User.objects.filter(pk__in=set(pks)).exclude(email__endswith=ERASED)
    return {person.pk: str(person) for person in people}

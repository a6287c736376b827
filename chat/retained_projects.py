"""How long projects are kept: until their owner deletes them, or the account is erased. Holds keep them longer."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import User
from chat.models import Conversation, Project
from retention.holding import is_held
from retention.kinds import AT_ONCE, Kind, Purged
from retention.models import Erasure, Hold
from retention.terms import InForce

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HELD = is_held(owner="owner", team="team", conversation="pk")
ERASED = Exists(Erasure.objects.filter(person=OuterRef("owner"), account=True, ended_at=None))
OVER = Q(deleted_at__isnull=False) | Q(ERASED)


class Projects(Kind):
    """Projects with their instructions. One that goes leaves its chats where they are."""

    name: ClassVar[str] = "projects"
    label: ClassVar["StrOrPromise"] = gettext_lazy("Projects")
    claims: ClassVar[tuple[str, ...]] = ("chat.Project",)
    rule: ClassVar["StrOrPromise"] = gettext_lazy(
        "Until the owner deletes it, or the owner's account is erased; shared ones too."
    )

    def purge(self, rules: InForce, *, limit: int = AT_ONCE) -> Purged:
        return _delete(Project.objects.filter(OVER).exclude(HELD), limit)

    def again(self, ids: Iterable[str]) -> Purged:
        known = list(ids)
        return _delete(Project.objects.filter(pk__in=known).exclude(HELD), len(known))

    def back(self, ids: Iterable[str]) -> int:
        return Project.objects.filter(pk__in=list(ids)).count()

    def kept(self, ids: Iterable[str]) -> int:
        return Project.objects.filter(HELD, pk__in=list(ids)).count()

    def expected(self, rules: InForce) -> int:
        return Project.objects.filter(OVER).exclude(HELD).count()

    def left_of(self, person: User) -> Mapping[str, int]:
        left = Project.objects.filter(ERASED, owner=person)
        held = left.filter(HELD).count()
        return {"held": held, "waits": left.count() - held}

    def pieces(self, person: User) -> Iterator[tuple[str, bytes]]:
        yield from _papers(Project.objects.filter(owner=person, deleted_at=None))

    def held_pieces(self, hold: Hold, *, words: str = "") -> Iterator[tuple[str, bytes]]:
        on = {"owner": hold.person_id, "team": hold.team_id, "pk": hold.conversation}
        found = Project.objects.filter(**{name: pk for name, pk in on.items() if pk})
        yield from _papers(found.filter(Q(name__icontains=words) | Q(instructions__icontains=words)))


def _delete(found: QuerySet[Project], limit: int) -> Purged:
    rows = found.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    teams: dict[UUID, UUID] = dict(rows.values_list("pk", "team")[:limit])
    Conversation.objects.for_housekeeping().filter(project__in=teams).update(project=None)
    Project.objects.filter(pk__in=teams)._raw_delete(DEFAULT_DB_ALIAS)
    counts: dict[str, Counter[str]] = {}
    for team in teams.values():
        counts.setdefault(str(team), Counter())["projects"] += 1
    return Purged(tuple(map(str, teams)), counts)


def _papers(projects: QuerySet[Project]) -> Iterator[tuple[str, bytes]]:
    said = [_facts(project) for project in projects.select_related("team").order_by("created_at", "pk")]
    if said:
        yield "projects.json", json.dumps(said, ensure_ascii=False, indent=1).encode()


def _facts(project: Project) -> dict[str, Any]:
    return {
        "id": str(project.pk),
        "owner": str(project.owner_id),
        "team": project.team.name,
        "name": project.name,
        "instructions": project.instructions,
        "shared": project.shared,
        "created_at": project.created_at.isoformat(),
        "deleted_at": project.deleted_at and project.deleted_at.isoformat(),
    }

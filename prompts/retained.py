"""How long prompts are kept: until they are deleted, and a person's own until that person is erased."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from prompts.models import Prompt
from retention.kinds import AT_ONCE, Kind, Purged
from retention.models import Erasure, Hold
from retention.terms import InForce

HELD = Exists(Hold.objects.filter(released_at=None, person=OuterRef("owner")))
# Who erases their chats keeps their prompts; with an account that is erased they go.
ERASED = Exists(Erasure.objects.filter(ended_at=None, account=True, person=OuterRef("owner")))
OVER = Q(deleted_at__lte=Now() - timedelta(days=1)) | Q(ERASED)


class Prompts(Kind):
    """Prompts with all their versions. Those of teams and of the organisation are settings, and stay when people go."""

    name: ClassVar[str] = "prompts"
    label: ClassVar[str] = "Prompts"
    claims: ClassVar[tuple[str, ...]] = ("prompts.Prompt", "prompts.Version")
    rule: ClassVar[str] = "Until they are deleted, and a day longer; a person's own go with their account."

    def purge(self, rules: InForce, *, limit: int = AT_ONCE) -> Purged:
        pks = list(_over().select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:limit])
        Prompt.objects.filter(pk__in=pks).delete()
        return Purged(tuple(map(str, pks)), {"": +Counter(prompts=len(pks))})

    def again(self, ids: Iterable[str]) -> Purged:
        pks = list(Prompt.objects.filter(pk__in=list(ids)).exclude(HELD).values_list("pk", flat=True))
        Prompt.objects.filter(pk__in=pks).delete()
        return Purged(tuple(map(str, pks)), {"": +Counter(prompts=len(pks))})

    def back(self, ids: Iterable[str]) -> int:
        return Prompt.objects.filter(pk__in=list(ids)).count()

    def kept(self, ids: Iterable[str]) -> int:
        return Prompt.objects.filter(HELD, pk__in=list(ids)).count()

    def expected(self, rules: InForce) -> int:
        return _over().count()

    def left_of(self, person: User) -> Mapping[str, int]:
        left = Prompt.objects.filter(ERASED, owner=person)
        held = left.filter(HELD).count()
        return {"held": held, "waits": left.count() - held}

    def pieces(self, person: User) -> Iterator[tuple[str, bytes]]:
        mine = Prompt.objects.filter(owner=person, deleted_at=None).prefetch_related("versions").order_by("name")
        if rows := [_paper(prompt) for prompt in mine]:
            yield "prompts.json", json.dumps(rows, ensure_ascii=False, indent=1).encode()


def _over() -> QuerySet[Prompt]:
    return Prompt.objects.filter(OVER).exclude(HELD)


def _paper(prompt: Prompt) -> dict[str, object]:
    versions = sorted(prompt.versions.all(), key=lambda version: version.number)
    return {
        "name": prompt.name,
        "title": prompt.title,
        "text": prompt.text,
        "starter": prompt.starter,
        "versions": [
            {"number": one.number, "title": one.title, "text": one.text, "at": one.at.isoformat()} for one in versions
        ],
    }

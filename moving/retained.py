"""How long imports are kept: a file for a day while nobody goes on with it, a report for a week."""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Now

from accounts.models import User
from moving import arriving
from moving.importing import REPORT_DAYS
from moving.models import Import, Origin
from retention.kinds import AT_ONCE, Kind, Purged
from retention.terms import InForce

CRASHED_SECONDS = 3600


class Imports(Kind):
    """Files with chats that somebody brings along, and what became of them.

    They come before the chats: what is hidden from a person hides first what could still bring chats in.
    """

    name: ClassVar[str] = "imports"
    label: ClassVar[str] = "Imports"
    claims: ClassVar[tuple[str, ...]] = ("moving.Import", "moving.Entry", "moving.Origin")
    rule: ClassVar[str] = f"A file until it is imported, a day at most; its report for {REPORT_DAYS} days."

    def purge(self, rules: InForce, *, limit: int = AT_ONCE) -> Purged:
        over = Import.objects.filter(expires_at__lte=Now()).select_for_update(skip_locked=True)
        return self._gone(list(over.values_list("pk", flat=True)[: min(limit, 100)]))

    def again(self, ids: Iterable[str]) -> Purged:
        return self._gone(list(Import.objects.filter(pk__in=list(ids)).values_list("pk", flat=True)))

    def back(self, ids: Iterable[str]) -> int:
        return Import.objects.filter(pk__in=list(ids)).count()

    @staticmethod
    def _gone(pks: Sequence[UUID]) -> Purged:
        Import.objects.filter(pk__in=pks).delete()
        ids = tuple(map(str, pks))
        return Purged(ids, {"": +Counter(imports=len(ids))}, tuple(("import", pk) for pk in ids))

    def expected(self, rules: InForce) -> int:
        return Import.objects.filter(expires_at__lte=Now()).count()

    def hide(self, person: User) -> int:
        Import.objects.filter(owner=person, expires_at__gt=Now()).update(expires_at=Now())
        return 0

    def left_of(self, person: User) -> Mapping[str, int]:
        waits = Import.objects.filter(owner=person).count()
        return {"waits": waits} if waits else {}

    def pieces(self, person: User) -> Iterator[tuple[str, bytes]]:
        moves = [
            {"file": move.name, "state": move.state, "at": move.created_at.isoformat()}
            for move in Import.objects.filter(owner=person).order_by("created_at")
        ]
        origins = [
            {"conversation": str(one.conversation_id), "source": one.source, "models": one.models}
            for one in Origin.objects.filter(owner=person, conversation__deleted_at=None).order_by("created_at")
        ]
        if moves or origins:
            yield "imports.json", json.dumps({"files": moves, "chats": origins}, ensure_ascii=False, indent=1).encode()

    def tidy(self) -> int:
        folder = Path(settings.IMPORTS)
        there = [path for path in folder.iterdir() if _is_old(path)] if folder.exists() else []
        known = {str(pk) for pk in Import.objects.filter(state__in=Import.OPEN).values_list("pk", flat=True)}
        lost = [path for path in there if path.name not in known]
        for path in lost:
            path.unlink(missing_ok=True)
        return len(lost)

    def remove(self, what: str, names: Sequence[str]) -> bool:
        if what != "import":
            return False
        for name in names:
            arriving.remove(name)
        return True


def _is_old(path: Path) -> bool:
    with suppress(FileNotFoundError):
        return time.time() - path.stat().st_mtime > CRASHED_SECONDS
    return False

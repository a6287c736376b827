"""Exports: a person's own data, or what a legal hold keeps, as one ZIP with a manifest of hashes. They live for hours.

Housekeeping writes the file; the page shows how far it is. A chat that goes takes the exports that have it along.
"""

import hashlib
import json
import logging
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.authority import people_with, require
from accounts.bells import ring
from accounts.models import User
from accounts.refusal import Refusal
from accounts.roles import Power
from accounts.turns import alone
from audit import verbs
from audit.actions import record
from audit.entry import Result, Target
from retention import order
from retention.holding import targets
from retention.kinds import AT_ONCE, Kind, Purged, kinds
from retention.models import Export, Hold
from retention.terms import InForce, house

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

log = logging.getLogger(__name__)
State = Export.State
LOCK = 0x4845415250  # an advisory lock: one export at a time
IN_FORCE = Q(hold=None) | Q(hold__released_at=None)  # what a released hold kept is exported no more


def path_of(pk: UUID | str) -> Path:
    """Return where an export lies."""
    return Path(settings.EXPORTS) / f"{pk}.zip"


def exports_of(person: User) -> QuerySet[Export]:
    """Return a person's exports that are still there, the newest first: those of holds while they may read them."""
    mine = Export.objects.filter(IN_FORCE, person=person, expires_at__gt=Now())
    if not people_with(Power.EXPORT_HELD, [person.pk]).exists():
        mine = mine.filter(hold=None)
    return mine.select_related("hold").order_by("-asked_at")


@transaction.atomic
def ask(person: User) -> Export:
    """Have one's own data put together. One that is being made is the answer to both."""
    waiting = exports_of(person).filter(hold=None, state=State.ASKED).first()
    if waiting:
        return waiting
    export = _ask(person, None)
    record(verbs.EXPORT_ASKED, targets=[Target("person", person.pk), Target("export", export.pk)])
    return export


@transaction.atomic
def ask_held(hold: Hold, *, words: str = "", by: User) -> Export:
    """Have put together what a hold keeps, or what of it contains some words. Raises Refused and Refusal."""
    require(by, Power.EXPORT_HELD)
    if not Hold.objects.filter(pk=hold.pk, released_at=None).exists():
        raise Refusal(_("This hold was released: nothing of it is exported any more."))
    export = _ask(by, hold, words)
    facts = {"selected": bool(words)}
    record(verbs.HELD_EXPORTED, targets=[*targets(hold), Target("export", export.pk)], facts=facts)
    return export


def _ask(person: User, hold: Hold | None, words: str = "") -> Export:
    hours = timedelta(hours=house().export_hours)
    export = Export.objects.create(person=person, hold=hold, words=words, expires_at=Now() + hours)
    transaction.on_commit(partial(ring, "retention.export"))
    return export


def make() -> None:
    """Write what was asked for, one after the other. Where somebody writes already, they take these as well.

    Who died over one is followed by another try.
    """
    with alone(LOCK) as mine:
        tried: set[UUID] = set()
        while mine and (export := _next(tried)):
            tried.add(export.pk)
            _try(export)


def _next(tried: set[UUID]) -> Export | None:
    waiting = Export.objects.filter(IN_FORCE, state=State.ASKED, expires_at__gt=Now()).exclude(pk__in=tried)
    return waiting.select_related("person", "hold").order_by("asked_at").first()


def _try(export: Export) -> None:
    try:
        _make(export)
    except Exception as error:
        log.error("an export failed", extra={"export": str(export.pk), "error": type(error).__name__})
        _unlink(export.pk)
        with transaction.atomic():
            if Export.objects.filter(pk=export.pk, state=State.ASKED).update(state=State.FAILED):
                record(verbs.EXPORT_MADE, targets=[Target("export", export.pk)], result=Result.REFUSED)


def _unlink(pk: UUID | str) -> None:
    for path in (path_of(pk), path_of(pk).with_suffix(".part")):
        path.unlink(missing_ok=True)


def _make(export: Export) -> None:
    path = path_of(export.pk)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial_path = path.with_suffix(".part")
    chats = _write(export, partial_path)
    digest = _digest(partial_path)
    partial_path.rename(path)
    facts = {"conversations": len(chats), "bytes": path.stat().st_size, "sha256": digest}
    with transaction.atomic():
        order.deciding()  # a chat that goes at the same time is gone before this looks, or takes this export along
        ready = Export.objects.filter(IN_FORCE, pk=export.pk, state=State.ASKED, expires_at__gt=Now())
        fields = {"size": facts["bytes"], "sha256": digest, "chats": chats, "done": len(chats)}
        if not ready.update(state=State.READY, ready_at=Now(), **fields) or _gone(export.pk, chats):
            Export.objects.filter(pk=export.pk).update(expires_at=Now())  # a chat went while it was written
            transaction.on_commit(partial(_unlink, export.pk))
            return
        record(verbs.EXPORT_MADE, targets=[Target("export", export.pk)], facts=facts)


def _gone(pk: UUID, chats: list[UUID]) -> bool:
    """Whether some of these chats are there no more."""
    return len(chats) != sum(kind.back(map(str, chats)) for kind in kinds() if kind.name == "conversations")


def _write(export: Export, path: Path) -> list[UUID]:
    """Write the ZIP: files, then the manifest with the SHA-256 of each. Return the chats in it."""
    hashes: dict[str, str] = {}
    chats: list[UUID] = []
    Export.objects.filter(pk=export.pk).update(total=_count(export))
    with path.open("wb") as raw:
        path.chmod(0o600)
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in _pieces(export):
                archive.writestr(name, content)
                hashes[name] = hashlib.sha256(content).hexdigest()
                if name.startswith("chats/") and name.endswith(".json"):
                    chats.append(UUID(json.loads(content)["conversation"]["id"]))
                    if len(chats) % 20 == 0:
                        Export.objects.filter(pk=export.pk).update(done=len(chats))
            archive.writestr("manifest.json", _manifest(export, hashes))
    return chats


def _count(export: Export) -> int:
    if export.hold:
        return sum(kind.held(export.hold, words=export.words) for kind in kinds())
    return sum(kind.of(export.person) for kind in kinds())


def _pieces(export: Export) -> Iterator[tuple[str, bytes]]:
    for kind in kinds():
        if export.hold:
            yield from kind.held_pieces(export.hold, words=export.words)
        else:
            yield from kind.pieces(export.person)


def _manifest(export: Export, hashes: dict[str, str]) -> str:
    about: dict[str, Any] = {"export": str(export.pk), "asked_at": export.asked_at.isoformat(), "files": hashes}
    if export.hold:
        about |= {"hold": export.hold.pk, "reference": export.hold.reference}
    return json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def drop_with(chats: Iterable[str]) -> int:
    """In the transaction of a purge: let exports that have these chats go with the same sweep. Return how many."""
    there = Export.objects.filter(expires_at__gt=Now())
    if not there.exists():
        return 0  # as mostly; comparing all ids takes longer
    return there.filter(chats__overlap=list(chats)).update(expires_at=Now())


@transaction.atomic
def delete(export: Export) -> None:
    """Let an export go before its time."""
    if Export.objects.filter(pk=export.pk, expires_at__gt=Now()).update(expires_at=Now()):
        record(verbs.EXPORT_DELETED, targets=[Target("export", export.pk)])


@transaction.atomic
def fetch(export: Export) -> Path:
    """Return the file of an export that is about to be downloaded. The caller has found it among the person's own."""
    record(verbs.EXPORT_FETCHED, targets=[Target("export", export.pk)])
    return path_of(export.pk)


class Exports(Kind):
    """Files made for people, with copies of chats in them. They go last, so that what goes takes them along."""

    name: ClassVar[str] = "exports"
    label: ClassVar["StrOrPromise"] = gettext_lazy("Exports")
    claims: ClassVar[tuple[str, ...]] = ("retention.Export",)
    rule: ClassVar["StrOrPromise"] = gettext_lazy(
        "Some hours, as the organisation sets; sooner where a chat in them goes."
    )

    def purge(self, rules: InForce, *, limit: int = AT_ONCE) -> Purged:
        over = Export.objects.filter(expires_at__lte=Now()).select_for_update(skip_locked=True)
        pks = list(over.values_list("pk", flat=True)[:limit])
        Export.objects.filter(pk__in=pks).delete()
        copies = tuple(("export", str(pk)) for pk in pks)
        return Purged(tuple(map(str, pks)), {"": +Counter(exports=len(pks))}, copies)

    def again(self, ids: Iterable[str]) -> Purged:
        pks = list(Export.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))
        Export.objects.filter(pk__in=pks).delete()
        return Purged(tuple(map(str, pks)), {"": +Counter(exports=len(pks))}, tuple(("export", pk) for pk in ids))

    def expected(self, rules: InForce) -> int:
        return Export.objects.filter(expires_at__lte=Now()).count()

    def left_of(self, person: User) -> Mapping[str, int]:
        return {"exports": Export.objects.filter(person=person, hold=None).count()}

    def hide(self, person: User) -> int:
        Export.objects.filter(Q(person=person, hold=None), expires_at__gt=Now()).update(expires_at=Now())
        return 0

    def tidy(self) -> int:
        return _tidy()

    def remove(self, what: str, names: Sequence[str]) -> bool:
        if what != "export":
            return False
        for name in names:
            _unlink(name)
        return True


def _tidy() -> int:
    """Remove files of exports that no row names."""
    folder = Path(settings.EXPORTS)
    there = {path.stem: path for path in folder.iterdir()} if folder.exists() else {}
    known = {str(pk) for pk in Export.objects.values_list("pk", flat=True)}
    for name in there.keys() - known:
        there[name].unlink(missing_ok=True)
    return len(there.keys() - known)


def ring_for_waiting() -> None:
    """Ring again for what still waits: a bell may have been lost, or whoever made it has died."""
    if Export.objects.filter(state=State.ASKED, expires_at__gt=Now()).exists():
        ring("retention.export")

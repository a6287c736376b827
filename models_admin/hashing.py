"""Model files are hashed, one after the other, in housekeeping. Pages show how far it is."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from accounts.turns import alone
from audit import verbs
from audit.actions import record
from models_admin import folder, registry
from models_admin.engine.header import BadModel, parts_of
from models_admin.models import ModelFile

State = ModelFile.State
LOCK = 0x4D4F44454C  # an advisory lock: one file at a time
PIECE = 4 << 20  # bytes
TELL_SECONDS = 0.5
UNREADABLE = gettext_noop("The file could not be read to its end. It is tried again every minute.")


class _Stopped(Exception):
    """This process ends, or the file is another one by now."""


def hash_waiting(*, stopping: Callable[[], bool] = lambda: False) -> None:
    """Hash every file that waits. Where somebody does so already, they take these as well.

    Who died over one is followed by another try. Ends soon after `stopping` says so.
    """
    with alone(LOCK) as mine:
        tried: set[UUID] = set()
        while mine and not stopping() and (file := _next(tried)):
            tried.add(file.pk)
            _hash(file, stopping)


def _next(tried: set[UUID]) -> ModelFile | None:
    """Return the smallest file that waits: nobody waits for a huge one in front of it."""
    waiting = ModelFile.objects.filter(state__in=(State.FOUND, State.HASHING)).exclude(mark="").exclude(pk__in=tried)
    return waiting.order_by("size", "added_at").first()


def _hash(file: ModelFile, stopping: Callable[[], bool]) -> None:
    mine = ModelFile.objects.filter(pk=file.pk, mark=file.mark)
    mine.update(state=State.HASHING, hashed=0, reason="")
    try:
        sha256 = sha256_with(Path(file.path), lambda done: _tell(file, done, stopping))
    except (OSError, BadModel, _Stopped) as error:
        why = "" if isinstance(error, _Stopped) else UNREADABLE
        mine.filter(state=State.HASHING).update(state=State.FOUND, hashed=0, reason=why)
        return
    if folder.mark_of(Path(file.path)) == file.mark:
        _registered(file, sha256)
    else:
        mine.filter(state=State.HASHING).update(state=State.FOUND, mark="", hashed=0)  # the next scan reads it anew


def _tell(file: ModelFile, done: int, stopping: Callable[[], bool]) -> None:
    """Store how far it is. Raises _Stopped."""
    still = ModelFile.objects.filter(pk=file.pk, mark=file.mark, state=State.HASHING).update(hashed=done)
    if not still or stopping():
        raise _Stopped


def sha256_with(path: Path, tell: Callable[[int], None]) -> str:
    """Return the same as `header.sha256_of`; `tell` hears now and then of how many bytes."""
    told, done, hashes = time.monotonic(), 0, []
    for part in parts_of(str(path)):
        digest = hashlib.sha256()
        with part.open("rb") as stream:
            while piece := stream.read(PIECE):
                digest.update(piece)
                done += len(piece)
                if time.monotonic() - told > TELL_SECONDS:
                    tell(done)
                    told = time.monotonic()
        hashes.append(digest.hexdigest())
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(f"{one}\n" for one in hashes).encode()).hexdigest()


@transaction.atomic
def _registered(file: ModelFile, sha256: str) -> None:
    """The hash is taken: the file is registered, is still the registered one, or is another one."""
    mine = ModelFile.objects.select_for_update().filter(pk=file.pk, mark=file.mark, state=State.HASHING)
    current = mine.first()
    if current is None:
        return
    taken = {"hashed": current.size, "hashed_at": Now()}
    if current.sha256 and current.sha256 != sha256:
        mine.update(state=State.REFUSED, reason=registry.ANOTHER, **taken)
        registry.refused_as_another(current, sha256=sha256)
        return
    mine.update(state=State.READY, reason="", sha256=sha256, **taken)
    facts = {name: getattr(current, name) for name in ("size", "parts", "architecture", "quantisation")}
    verb = verbs.FILE_BACK if current.sha256 else verbs.FILE_REGISTERED
    record(verb, targets=[registry.target(current)], facts=facts | {"sha256": sha256})

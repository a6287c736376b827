"""A verification that somebody asked for on a page: housekeeping runs it, the row shows how far it is."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from audit import actions
from audit.actor import Actor, Kind, acting
from audit.anchors import Anchor, anchors_in
from audit.models import Head, Verification
from audit.signing import Signer
from audit.verifying import Verdict, verify


def verdict_over(anchors_file: Path | None = None, keys: frozenset[str] = frozenset(), **more: Any) -> Verdict:
    """Verify the log against this installation's anchors and key, or against others."""
    try:
        anchors: list[Anchor] = anchors_in(anchors_file or Path(settings.ANCHORS))
    except ValueError as error:
        return Verdict(False, 0, 0, 0, 0, 0, None, str(error))
    if not keys and settings.ANCHOR_KEY and settings.ANCHOR_KEY.exists():
        keys = frozenset({Signer().public})
    if anchors and not keys:
        return Verdict(False, 0, 0, 0, 0, 0, None, "The key that signs anchors is not here: name its public half.")
    return verify(connection, anchors, keys=keys, **more)


class Abandoned(Exception):
    """Somebody has ended this verification meanwhile."""


def run(pk: UUID) -> None:
    """Run a verification that nobody has run yet. However it breaks off, another one can be asked for."""
    mine = Verification.objects.filter(pk=pk, ended_at=None)
    if not mine.filter(heard_at=None).update(heard_at=Now(), total=Head.objects.get().seq):
        return

    def progress(reached: int) -> None:
        if not mine.update(checked=reached, heard_at=Now()):
            raise Abandoned

    try:
        _conclude(pk, verdict_over(progress=progress))
    except Abandoned:
        return
    finally:
        mine.update(ended_at=Now(), sentence=actions.BROKEN_OFF)  # what has its result has ended already


def _conclude(pk: UUID, verdict: Verdict) -> None:
    asked_by = Verification.objects.values_list("asked_by", flat=True).get(pk=pk)
    with acting(Actor(Kind.PERSON, str(asked_by)) if asked_by else Actor(Kind.SYSTEM)):
        actions.note_verification(verdict)
    Verification.objects.filter(pk=pk, ended_at=None).update(
        sound=verdict.sound,
        bad_seq=verdict.bad_seq,
        sentence=verdict.sentence[:500],
        checked=verdict.last,
        ended_at=Now(),
    )

"""Model files that come through the browser, piece by piece: what is there stays there when the connection goes.

Bytes stand aside as `.incoming-<id>` in the folder of models until the file is whole. A row never claims more than what
is on the disk, so an upload goes on where it ended, whatever has died in between.
"""

import re
import shutil
import time
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Now
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import pieces
from accounts.authority import require
from accounts.bells import ring
from accounts.models import User
from accounts.refusal import Refusal
from accounts.roles import Power
from audit import verbs
from audit.actions import record
from audit.entry import Target
from models_admin import folder
from models_admin.models import ModelFile, Upload

LONGEST = 100 * 10**9  # bytes of one file
LIFE = timedelta(hours=24)  # without a piece
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,149}\.gguf")
ADDRESS = re.compile(r"/models/uploads/([0-9a-f-]{36})/")
SALT = "models.upload"

BAD_NAME = gettext_lazy(
    "The file's name must end in .gguf, and have letters, digits, dots, hyphens and underscores only."
)
TOO_LONG = gettext_lazy(
    "Hearth takes files of at most 100 GB. Put a larger one into the folder of models on the server."
)
EMPTY = gettext_lazy("This file is empty.")
TAKEN = gettext_lazy("There is a file of this name in the folder of models already.")
BUSY = gettext_lazy("A file of this name is being uploaded already, by somebody else or with another size.")
CANCELLED = gettext_lazy("This upload was cancelled.")
UNWRITABLE = gettext_lazy(
    "The folder of models cannot be written to. Look at docs/operations.md, or put the file there by hand."
)


def uploads_of(user: User) -> QuerySet[Upload]:
    """Return what this person has begun to upload, the newest first."""
    return Upload.objects.filter(by=user.pk).order_by("-created_at")


def incoming(pk: UUID) -> Path:
    """Return where the bytes of an upload stand."""
    return folder.root() / f".incoming-{pk}"


def token_of(upload: Upload) -> str:
    """Return what each piece carries so that Daphne lets so many bytes in. It says nothing of who may store them."""
    return pieces.token_for(upload.pk, salt=SALT)


def allowance(path: str, token: str) -> int:
    """Return how long a body may be because it is a piece of an upload, in bytes; 0: it is none."""
    return pieces.allowance(path, token, address=ADDRESS, salt=SALT, life=7 * LIFE)


def begin(*, name: str, size: int, by: User) -> Upload:
    """Begin an upload, or go on with one's own of the same name and size. Raises Refused and Refusal."""
    require(by, Power.MANAGE_MODELS)
    _check(name, size)
    known = Upload.objects.filter(name=name).first()
    if known is not None:
        if known.by != by.pk or known.size != size:
            raise Refusal(BUSY)
        return known
    if (folder.root() / name).exists():
        raise Refusal(TAKEN)
    try:
        return _begin(name, size, by)
    except IntegrityError:
        raise Refusal(BUSY) from None
    except OSError:
        raise Refusal(UNWRITABLE) from None


def _check(name: str, size: int) -> None:
    if not NAME.fullmatch(name):
        raise Refusal(BAD_NAME)
    if size <= 0:
        raise Refusal(EMPTY)
    if size > LONGEST:
        raise Refusal(TOO_LONG)


@transaction.atomic
def _begin(name: str, size: int, by: User) -> Upload:
    folder.root().mkdir(parents=True, exist_ok=True)
    _check_room(size)
    upload = Upload.objects.create(name=name, size=size, by=by.pk)
    incoming(upload.pk).touch(mode=0o640, exist_ok=False)
    record(verbs.UPLOAD_BEGUN, targets=[_target(upload)], facts={"bytes": size})
    return upload


def _check_room(size: int) -> None:
    """Refuse what the disk cannot hold beside what other uploads still need."""
    promised = Upload.objects.aggregate(left=Sum(F("size") - F("received")))["left"] or 0
    free = shutil.disk_usage(folder.root()).free - promised - pieces.RESERVE
    if size > free:
        raise Refusal(
            _("The disk has room for %(room)s GB, and this file takes %(size)s GB.")
            % {
                "room": number_format(round(max(0, free) / 1e9, 1), 1, force_grouping=True),
                "size": number_format(round(size / 1e9, 1), 1, force_grouping=True),
            }
        )


def received(upload: Upload) -> int:
    """Return how many bytes are there: what the row says, or less where the disk has less."""
    return pieces.received(upload.received, incoming(upload.pk))


@transaction.atomic
def take(upload: Upload, *, start: int, body: pieces.Source, length: int) -> Upload:
    """Write a piece behind what is there; the last one makes the file whole. Raises Misplaced and Refusal.

    The row is locked: of two tabs that send the same piece, one is told that it is misplaced.
    """
    current = Upload.objects.select_for_update().filter(pk=upload.pk).first()
    if current is None:
        raise Refusal(CANCELLED)
    if start != received(current) or length <= 0 or start + length > current.size:
        raise pieces.Misplaced
    try:
        end = pieces.write(incoming(current.pk), start, body, length, mode=0o640)
    except OSError as error:
        raise Refusal(
            _("The piece could not be stored (%(strerror)s). What was there before is kept.")
            % {"strerror": error.strerror}
        ) from None
    Upload.objects.filter(pk=current.pk).update(received=end, heard_at=Now())
    current.received = end
    if end == current.size:
        _finish(current)
    return current


def _finish(upload: Upload) -> None:
    """Put a whole file in its place. One that is there already is never replaced."""
    target, source = folder.root() / upload.name, incoming(upload.pk)
    if target.exists():
        raise Refusal(TAKEN)
    Upload.objects.filter(pk=upload.pk).delete()
    if folder.is_first(target):
        added = {"name": target.stem, "added_by": upload.by}
        ModelFile.objects.get_or_create(path=str(target), defaults=added)
    record(verbs.UPLOADED, targets=[_target(upload)], facts={"bytes": upload.size})
    try:
        source.rename(target)
    except OSError:
        raise Refusal(UNWRITABLE) from None
    transaction.on_commit(partial(ring, "models.scan"))


@transaction.atomic
def cancel(upload: Upload) -> None:
    """Give an upload up; its bytes go."""
    facts = {"bytes": received(upload)}
    Upload.objects.filter(pk=upload.pk).delete()
    transaction.on_commit(lambda: incoming(upload.pk).unlink(missing_ok=True))
    record(verbs.UPLOAD_CANCELLED, targets=[_target(upload)], facts=facts)


def drop_abandoned(*, now: float | None = None) -> None:
    """Give up what nobody has sent a piece of for a day, and remove files that no upload names any more.

    `now` is in seconds since 1970, for the files' sake.
    """
    for upload in Upload.objects.filter(heard_at__lt=Now() - LIFE):
        cancel(upload)
    oldest = (time.time() if now is None else now) - LIFE.total_seconds()
    known = {incoming(pk) for pk in Upload.objects.values_list("pk", flat=True)}
    for path in folder.root().glob(".incoming-*"):
        with suppress(OSError):
            if path not in known and path.stat().st_mtime < oldest:
                path.unlink()


def _target(upload: Upload) -> Target:
    return Target("upload", upload.pk)

"""Files with chats on their way in, piece by piece. They lie under an id, for nobody's eyes but Hearth's.

A row never claims more than what is on the disk, so an upload goes on where it ended, whatever has died in between.
"""

import re
import shutil
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts import pieces
from accounts.authority import asking_teams_of, standing_of
from accounts.bells import ring
from accounts.models import User
from accounts.refusal import Refusal
from chat import files
from moving.archive import LONGEST_FILE
from moving.models import Entry, Import

LIFE = timedelta(hours=24)  # of a file that nobody goes on with
ADDRESS = re.compile(r"/moving/imports/([0-9a-f-]{36})/file/")
SALT = "moving.import"
WORK = "moving.work"  # housekeeping's task: it looks at what is whole
State = Import.State


def imports_of(person: User) -> QuerySet[Import]:
    """Return a person's imports that are still there, the newest first."""
    return Import.objects.filter(owner=person, expires_at__gt=Now()).order_by("-created_at")


def path_of(pk: UUID | str) -> Path:
    """Return where a file lies while something can become of it."""
    return Path(settings.IMPORTS) / str(pk)


def token_of(move: Import) -> str:
    """Return what each piece carries so that Daphne lets so many bytes in. It says nothing of who may store them."""
    return pieces.token_for(move.pk, salt=SALT)


def allowance(path: str, token: str) -> int:
    """Return how long a body may be because it is a piece of such a file, in bytes; 0: it is none."""
    return pieces.allowance(path, token, address=ADDRESS, salt=SALT, life=LIFE)


def begin(*, name: str, size: int, by: User) -> Import:
    """Begin to take a file, or go on with one's own of the same name and size. Raises Refusal."""
    _refuse_who_asks_nowhere(by)
    if size <= 0:
        raise Refusal(_("This file is empty."))
    if size > LONGEST_FILE:
        raise Refusal(_("A file with chats can have at most 100 MB. Leave the pictures out of the ZIP file."))
    name = files.cleaned(name)
    known = Import.objects.filter(owner=by, state__in=Import.OPEN).first()
    if known is not None and known.state == State.ARRIVING:
        if (known.name, known.size) == (name, size) and imports_of(by).filter(pk=known.pk).exists():
            return known
        drop(known)
    elif known is not None:
        raise Refusal(_("You have an import that has not ended. Go on with it, or cancel it, and then begin another."))
    return _begin(name, size, by)


def _refuse_who_asks_nowhere(person: User) -> None:
    if not asking_teams_of(standing_of(person)):
        raise Refusal(_("You can ask in none of your teams, so there is no place for chats of yours."))


def _begin(name: str, size: int, by: User) -> Import:
    try:
        _check_room(size)
        with transaction.atomic():
            move = Import.objects.create(owner=by, name=name, size=size, expires_at=Now() + LIFE)
            path_of(move.pk).touch(mode=0o600, exist_ok=False)
    except IntegrityError:
        raise Refusal(
            _("An import of yours has just begun, in another tab perhaps. Load the page once more.")
        ) from None
    except OSError:
        raise Refusal(
            _("The file cannot be stored at the moment. Try again later, or tell an administrator.")
        ) from None
    return move


def _check_room(size: int) -> None:
    folder = Path(settings.IMPORTS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < size + pieces.RESERVE:
        raise Refusal(_("The server's disk is full. Tell an administrator; nothing was stored."))


def received(move: Import) -> int:
    """Return how many bytes are there: what the row says, or less where the disk has less."""
    return pieces.received(move.received, path_of(move.pk))


@transaction.atomic
def take(move: Import, *, start: int, body: pieces.Source, length: int) -> Import:
    """Write a piece behind what is there; the last one makes the file whole. Raises Misplaced and Refusal."""
    row = Import.objects.select_for_update().filter(pk=move.pk, state=State.ARRIVING, expires_at__gt=Now()).first()
    if row is None:
        raise Refusal(_("This import was cancelled, or took too long. Begin again."))
    if start != received(row) or length <= 0 or start + length > row.size:
        raise pieces.Misplaced
    try:
        row.received = pieces.write(path_of(row.pk), start, body, length, mode=0o600)
    except OSError:
        raise Refusal(_("A piece could not be stored. What was there before is kept; try again later.")) from None
    whole = row.received == row.size
    row.state = State.LOOKING if whole else State.ARRIVING
    Import.objects.filter(pk=row.pk).update(received=row.received, state=row.state, heard_at=Now())
    if whole:
        transaction.on_commit(partial(ring, WORK))
    return row


def drop(move: Import) -> bool:
    """Give an import up: its file goes. What it has imported already stays. Return whether it was still open."""
    fields = {"state": State.CANCELLED, "ended_at": Now(), "heard_at": Now()}
    with transaction.atomic():
        dropped = bool(Import.objects.filter(pk=move.pk, state__in=Import.OPEN).update(**fields))
        if dropped:
            move.entries.filter(state=Entry.State.FOUND).delete()
    remove(move.pk)
    return dropped


def remove(pk: UUID | str) -> None:
    """Remove a file; that it is gone already is no error."""
    path_of(pk).unlink(missing_ok=True)

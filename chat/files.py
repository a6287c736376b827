"""Text files that people attach to questions: what is taken, what it is called, and where its bytes stand.

A file stands in `settings.FILES` under the id of its row. Its bytes are written aside first, as `incoming-<uuid>`, and
get their place before the row is committed: no row is ever without its bytes. What a crash leaves aside, or in a place
without a row, is nobody's.
"""

import os
import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from chat.models import Attachment, File

MOST = 5  # files of one question
LARGEST = 200_000  # bytes of one file
LONGEST_NAME = 255  # characters
MEDIA_TYPE = "text/plain"  # by what is in it; what its name ends with says nothing
INCOMING = "incoming-"
CRASHED_SECONDS = 3600
NAMELESS = "unnamed"
UNSTORED = gettext_lazy(
    "The files could not be stored, and nothing was sent. Try again in a moment, or send the question without them."
)
# Windows opens a device under these names, whatever they end with.
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
# No text has these bytes; tabs, line ends, form feeds and the escapes of coloured logs it may have.
NO_TEXT = re.compile(rb"[\x00-\x07\x0e-\x1a\x1c-\x1f]")


class NotTaken(Exception):
    """What was sent is no file for a model; the message is a sentence for the person."""


class Unstored(Exception):
    """The disk does not take it; the message is a sentence for the person."""


@dataclass(frozen=True)
class Sent:
    """A file as it was sent, fit to be read by a model."""

    name: str
    data: bytes = field(repr=False)

    @cached_property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


@dataclass
class Arrived:
    """One that is written aside, until it gets its place. `fresh` is a place that nobody had before."""

    sent: Sent
    aside: Path
    fresh: Path | None = None


def cleaned(name: str) -> str:
    """Return what the person called it: the last part alone, without characters that steer how it is shown."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    shown = "".join(character for character in last if unicodedata.category(character) not in _UNSEEN)
    shown = " ".join(shown.split()).rstrip(". ")
    if DEVICES.match(shown):
        shown = f"_{shown}"
    return _cut(shown) or NAMELESS


_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def _cut(name: str) -> str:
    """Return a name that is not too long, with the ending that it had."""
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 20:
        return name[:LONGEST_NAME]
    return stem[: LONGEST_NAME - len(ending) - 1] + dot + ending


def check_count(count: int) -> None:
    """Raise NotTaken where there are too many."""
    if count > MOST:
        raise NotTaken(
            _("These are %(count)s files; at most %(most)s go with one question.") % {"count": count, "most": MOST}
        )


def check_size(name: str, size: int) -> None:
    """Raise NotTaken where this is no length for a file, in bytes."""
    if size > LARGEST:
        raise NotTaken(
            _("%(name)s has %(shown_size)s; a file can have at most %(largest)s kB.")
            % {"name": name, "shown_size": File(size=size).shown_size, "largest": LARGEST // 1000}
        )
    if not size:
        raise NotTaken(_("%(name)s is empty.") % {"name": name})


def taken(name: str, data: bytes) -> Sent:
    """Return a file that a model can read. What is in it decides, not its name. Raises NotTaken with the reason."""
    name = cleaned(name)
    check_size(name, len(data))
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # UTF-16, as some editors save
    if NO_TEXT.search(data) and not wide:
        raise NotTaken(
            _("%(name)s is no text file. Hearth reads text: notes, tables, logs, source code.") % {"name": name}
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotTaken(
            _("%(name)s is not text in UTF-8. Save it as UTF-8 and attach it again.") % {"name": name}
        ) from None
    if not text.strip():
        raise NotTaken(_("%(name)s is empty.") % {"name": name})
    return Sent(name, data)


def path_of(file_id: UUID) -> Path:
    """Return where the bytes of a file stand, or would."""
    return Path(settings.FILES) / file_id.hex[:2] / str(file_id)


def bytes_of(file_id: UUID) -> bytes | None:
    """Return the bytes of a file, or None where they are no longer there or cannot be read."""
    try:
        return path_of(file_id).read_bytes()
    except OSError:
        return None


def text_of(file_id: UUID) -> str | None:
    """Return a file's text with line ends as models know them, or None where it is no longer there."""
    data = bytes_of(file_id)
    return None if data is None else data.decode("utf-8-sig", "replace").replace("\r\n", "\n")


def remove(file_id: UUID) -> None:
    """Remove the bytes of a file; that they are gone already is no error."""
    path_of(file_id).unlink(missing_ok=True)


@contextmanager
def arriving(sent: Sequence[Sent]) -> Iterator[list[Arrived]]:
    """Write files aside while a transaction runs inside. What fails there leaves nothing. Raises Unstored.

    Where the database went away, nobody knows whether it took the rows: bytes that have a place stay there.
    """
    arrived: list[Arrived] = []
    try:
        with _stored():
            for each in sent:
                arrived.append(Arrived(each, _folder() / f"{INCOMING}{uuid4()}"))
                _write(arrived[-1].aside, each.data)
        yield arrived
    except (OperationalError, InterfaceError):
        raise
    except BaseException:
        for one in arrived:
            if one.fresh is not None:
                one.fresh.unlink(missing_ok=True)
        raise
    finally:
        for one in arrived:
            one.aside.unlink(missing_ok=True)


@contextmanager
def _stored() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise Unstored(UNSTORED) from None


def _folder(name: str = "") -> Path:
    """Return a folder for the eyes of the house alone."""
    folder = Path(settings.FILES)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / name).mkdir(mode=0o700, exist_ok=True)
    return folder / name


def _write(path: Path, data: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def keep(arrived: Sequence[Arrived], *, owner: User) -> list[Attachment]:
    """Give files their rows and places, in the caller's transaction. Return their uses, without a message yet.

    The rows are locked in one order: whoever purges meanwhile sees the new use, or has removed the row before.
    """
    rows = {one.sent.sha256: _row(one, owner) for one in sorted(arrived, key=lambda one: one.sent.sha256)}
    return [
        Attachment(file=rows[one.sent.sha256], name=one.sent.name, position=place) for place, one in enumerate(arrived)
    ]


def _row(arrived: Arrived, owner: User) -> File:
    """Return the row of these bytes, locked, with the bytes in their place: anew, so that lost ones are there again."""
    sent = arrived.sent
    facts = {"owner": owner, "size": len(sent.data), "media_type": MEDIA_TYPE}
    row, made = File.objects.of(owner).select_for_update().get_or_create(sha256=sent.sha256, defaults=facts)
    path = path_of(row.pk)
    if made:
        arrived.fresh = path
    with _stored():
        _folder(path.parent.name)
        arrived.aside.replace(path)
        remember(path.parent)
    return row


def remember(folder: Path) -> None:
    """Have the names in a folder outlive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def tidy(known: Callable[[list[UUID]], Iterable[UUID]]) -> int:
    """Remove what a crash has left: files aside, and places that none of the `known` rows names. Return how many.

    Nothing younger than an hour is touched: its row may not be committed yet.
    """
    old = [path for path in Path(settings.FILES).rglob("*") if path.is_file() and _is_old(path)]
    aside = [path for path in old if path.name.startswith(INCOMING)]
    placed = {pk: path for path in old if (pk := _id_of(path))}
    lost = placed.keys() - set(known(list(placed)))
    for path in [*aside, *(placed[pk] for pk in lost)]:
        path.unlink(missing_ok=True)
    return len(aside) + len(lost)


def _id_of(path: Path) -> UUID | None:
    """Return the id under which bytes have a place, or None for what Hearth has not put there."""
    try:
        return UUID(path.name)
    except ValueError:
        return None


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > CRASHED_SECONDS
    except FileNotFoundError:
        return False

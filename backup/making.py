"""A backup: one folder with the database as it was at one moment, every file that it names, and what proves it all."""

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Sum

from audit import verbs
from audit.actions import Unwritten, record
from audit.entry import Target
from audit.signing import Signer
from backup import lines, manifest, programs, sealing, snapshot
from backup.copying import Listed, check_room, copied, listed, written
from backup.manifest import Manifest
from backup.progress import Progress
from backup.refused import Refused
from backup.signals import ending_in_order
from chat.files import path_of, remember
from chat.models import File
from config.env import env
from models_admin.folder import parts_at, root
from models_admin.models import ModelFile

PARTIAL = re.compile(r"hearth-\d{8}T\d{6}Z\.partial")
WITHOUT_KEYS = (
    "The keys are not in it, since no passphrase was given. Keep secret_key and anchor_key elsewhere: without the "
    "first, second factors and keys of model servers cannot be read, without the second nobody can sign anchors."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a backup should be: where, whether the keys are sealed into it, whether model files are copied."""

    to: Path
    passphrase: str | None = None
    with_models: bool = False
    progress: Progress = field(default_factory=Progress)


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made. `noted`: whether the audit log has its entry."""

    folder: Path
    manifest: Manifest
    digest: str
    signed: bool
    seconds: float
    noted: bool

    @property
    def whole(self) -> bool:
        """Whether it has everything that it should have."""
        return self.noted and not (self.manifest.missing or self.manifest.damaged)


def make(wanted: Wanted) -> Made:
    """Make a backup. It stands under its name when all of it is on the disk, or not at all.

    Raises Refused, OSError, DatabaseError: nothing was made.
    """
    began = time.monotonic()
    with _alone_in(wanted.to), ending_in_order():
        _clear_partials(wanted.to)
        _check_room(wanted)
        with snapshot.held() as moment:
            facts = snapshot.facts()
            name = f"hearth-{facts.at:%Y%m%dT%H%M%SZ}"
            folder, partial = wanted.to / name, wanted.to / f"{name}.partial"
            if folder.exists():
                raise Refused(f"{folder} is there already: one backup a second at most.")
            partial.mkdir(mode=0o700)
            with _or_nothing(partial):
                snapshot.dump(partial / manifest.DUMP, moment, wanted.progress)
        with _or_nothing(partial):
            whole = _Filling(wanted, facts, partial).manifest(name)
            digest = manifest.write(partial, whole, signer := _signer())
            os.sync()
            partial.rename(folder)
        remember(wanted.to)
    return Made(folder, whole, digest, signer is not None, time.monotonic() - began, _note(whole, digest))


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One backup at a time goes into a folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(f"Another backup is being made in {folder}.") from None
        yield


def _clear_partials(folder: Path) -> None:
    """Remove what a backup that was killed has left: nobody else is at work here."""
    for path in folder.iterdir():
        if PARTIAL.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)


@contextmanager
def _or_nothing(partial: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _check_room(wanted: Wanted) -> None:
    files = File.objects.for_housekeeping().aggregate(all=Sum("size"))["all"] or 0
    models = ModelFile.objects.filter(state=ModelFile.State.READY).aggregate(all=Sum("size"))["all"] or 0
    check_room(wanted.to, snapshot.size_of_tables() + files + (models if wanted.with_models else 0))


def _signer() -> Signer | None:
    """Return who signs, where this process has the key. It is never made here."""
    return Signer() if settings.ANCHOR_KEY and _readable(settings.ANCHOR_KEY) else None


def _readable(file: Path) -> bool:
    return file.is_file() and os.access(file, os.R_OK)


def own_keys() -> dict[str, Path]:
    """Return where this installation's keys stand, as far as this process is told."""
    anchor = {"anchor_key": Path(settings.ANCHOR_KEY)} if settings.ANCHOR_KEY else {}
    return {"secret_key": env().secret_key_file or env().var / "secret_key", **anchor}


def below_root(folder: Path) -> str | None:
    """Return a folder's place in the folder of models. Nothing: it lies elsewhere, as the built-in model's does."""
    there = folder.resolve()
    return there.relative_to(root()).as_posix() if there.is_relative_to(root()) else None


class _Filling:
    """A folder on its way to being a backup, its dump in place."""

    def __init__(self, wanted: Wanted, facts: snapshot.Facts, folder: Path) -> None:
        self.wanted, self.facts, self.folder, self.progress = wanted, facts, folder, wanted.progress
        self.files: dict[str, Listed] = {}
        self.left_out: list[str] = []
        self.absent: list[str] = []
        self.damaged: list[str] = []

    def manifest(self, name: str) -> Manifest:
        """Copy everything that belongs to the moment. Tombstones come last: they may know more than the dump."""
        self.files[manifest.DUMP] = self._listed_dump()
        self._attached()
        models = tuple(self._model(row) for row in self.facts.models)
        if models and not self.wanted.with_models:
            self.left_out.append("Model files are listed with their hashes and not copied.")
        anchor = self._anchors()
        self._keys()
        self._lines(manifest.TOMBSTONES, lines.whole_lines(Path(settings.TOMBSTONES)))
        purged = self._purged()
        return Manifest(
            name=name,
            made_at=self.facts.at.isoformat(),
            hearth=version("hearth"),
            postgres=programs.server_version(),
            migrations=self.facts.migrations,
            counts=self.facts.counts,
            audit=self.facts.audit,
            anchor=anchor,
            files=self.files,
            models=models,
            purged=tuple(purged),
            missing=tuple(pk for pk in self.absent if pk not in purged),
            damaged=tuple(self.damaged),
            left_out=tuple(self.left_out),
        )

    def _listed_dump(self) -> Listed:
        path = self.folder / manifest.DUMP
        self.progress.begin("hashing", path.stat().st_size)
        return listed(path, self.progress)

    def _attached(self) -> None:
        """Copy what people attached. What has gone by now was purged, or had been lost before."""
        self.progress.begin("files", sum(one.size for one in self.facts.attached))
        for one in self.facts.attached:
            place = f"{manifest.FILES}/{UUID(one.id).hex[:2]}/{one.id}"
            try:
                found = copied(path_of(UUID(one.id)), self.folder / place, self.progress)
            except FileNotFoundError:
                self.absent.append(one.id)
                continue
            self.files[place] = found
            if (found.size, found.sha256) != (one.size, one.sha256):
                self.damaged.append(one.id)

    def _purged(self) -> set[str]:
        """Return which of the absent files have no row any more."""
        found = File.objects.for_housekeeping().filter(pk__in=self.absent).values_list("pk", flat=True)
        return set(self.absent) - {str(pk) for pk in found}

    def _model(self, row: dict[str, object]) -> dict[str, object]:
        """Return what the manifest says of a model, whose files are copied where they are wanted."""
        path = Path(str(row["path"]))
        parts = parts_at(path)
        if self.wanted.with_models:
            parts = [part for part in parts if self._copied_part(part)]
            if len(parts) < (whole := int(str(row["parts"]))):
                has = ", ".join(part.name for part in parts) or "none"
                self.left_out.append(f"The model {path.name} has {whole} files, of which {has} could be copied.")
        facts = {name: row[name] for name in ("name", "size", "sha256", "parts")}
        return facts | {"files": [part.name for part in parts], "folder": below_root(path.parent)}

    def _copied_part(self, part: Path) -> bool:
        """Copy one file of a model. One that cannot be, or that goes just now, is named by who asks."""
        place = f"{manifest.MODELS}/{part.name}"
        if not manifest.PLACE.fullmatch(place) or place in self.files:
            self.left_out.append(f"The model {part.name} is not copied: its name cannot stand in a backup.")
            return False
        try:
            self.progress.begin(part.name, part.stat().st_size)
            self.files[place] = copied(part, self.folder / place, self.progress)
        except FileNotFoundError:
            return False
        return True

    def _anchors(self) -> dict[str, object] | None:
        """Copy the anchors that the moment's log fits to. Return the last, as far as it says where it is."""
        text, last = lines.anchors_until(self.facts.audit["seq"], lines.whole_lines(Path(settings.ANCHORS)))
        self._lines(manifest.ANCHORS, text)
        return {"seq": last.seq, "hash": last.hash, "at": last.at, "key": last.key} if last else None

    def _lines(self, name: str, data: bytes) -> None:
        self.files[name] = written(self.folder / name, data)

    def _keys(self) -> None:
        """Seal the keys that this process can read."""
        if self.wanted.passphrase is None:
            self.left_out.append(WITHOUT_KEYS)
            return
        found = {name: file.read_bytes() for name, file in own_keys().items() if _readable(file)}
        absent = sorted({"secret_key", "anchor_key"} - found.keys())
        if absent:
            self.left_out.append(f"This process cannot read {' and '.join(absent)}: keep it elsewhere.")
        sealed = sealing.sealed(found, self.wanted.passphrase)
        self.files[manifest.KEYS] = written(self.folder / manifest.KEYS, sealed)


def _note(whole: Manifest, digest: str) -> bool:
    """Write the entry: behind the backup, which cannot hold its own hash. The next one has it."""
    counts = {name: whole.counts[name] for name in sorted(whole.counts)}
    facts = {"manifest": digest, "seq": whole.audit["seq"], "bytes": whole.size, "keys": manifest.KEYS in whole.files}
    facts |= counts | {"missing": len(whole.missing), "damaged": len(whole.damaged)}
    try:
        with transaction.atomic():
            record(verbs.BACKED_UP, targets=[Target("backup", whole.name)], facts=facts)
    except (Unwritten, DatabaseError, InterfaceError):
        return False
    return True

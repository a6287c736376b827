"""A restore, step by step. What can be lost is said before, and what was found is said behind.

Files come first: a restore that breaks off leaves some without rows, which the house tidies. Tombstones come next: no
deletion is lost, wherever it breaks off. The database is replaced in one transaction. Then come anchors and keys,
migrations, the verification of the log, and deletions once more: what fails there is told as what remains to be done.
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from audit import verbs
from audit.actions import record
from audit.entry import Target
from backup import lines, loading, losing, manifest, programs, putting, putting_models, standing
from backup.copying import check_room
from backup.judging import Judgement, judge
from backup.lines import Buried, Meeting
from backup.losing import Loss
from backup.opening import Opened
from backup.progress import Progress
from backup.putting import FilesFound
from backup.putting_models import ModelsPut
from backup.refused import Refused, Unfinished
from config.env import env
from config.preflight import decisive
from models_admin.folder import existing
from retention import sweeping

SWELLS = 5  # a dump is compressed and has no indexes: so many times as much is what its tables take at most
BEHIND = ("anchors and keys", "migrations", "audit log", "deletions", "checking files")
BY_HAND = {"migrations": "migrate", "audit log": "verify_audit", "deletions": "replay_deletions"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a restore would do to the database that stands."""

    backup: Opened
    standing: dict[str, int]
    loss: Loss

    @property
    def missed(self) -> bool:
        """Whether somebody would miss what stands."""
        return standing.is_missed(self.standing)


@dataclass
class Report:
    """What a restore did, and the seconds of each step."""

    files: int = 0
    buried: Buried | None = None
    anchors: Meeting | None = None
    aside: Path | None = None
    behind: int = 0  # purges that the restored database did not know of
    deleted: Counter[str] = field(default_factory=Counter)
    counts: dict[str, int] = field(default_factory=dict)
    found: FilesFound | None = None
    models: ModelsPut = field(default_factory=ModelsPut)
    judgement: Judgement | None = None
    keys: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Note how long a step takes."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = time.monotonic() - began

    @contextmanager
    def behind_commit(self, name: str) -> Iterator[None]:
        """Do a step that comes when the database is the backup's already. Raises Unfinished, whatever fails."""
        try:
            with self.step(name):
                yield
        except (Exception, KeyboardInterrupt) as error:
            raise Unfinished(_remaining(name, error)) from error


def plan(backup: Opened, *, look_seconds: float = standing.LOOK_SECONDS) -> Plan:
    """Look at what stands, and for so long at who is at work in it.

    Raises Refused where nothing may be restored here, whatever anybody says.
    """
    if lacking := standing.missing_rights():
        raise Refused(lacking)
    server, made_by = programs.server_version(), backup.manifest.postgres
    if server < made_by:
        raise Refused(f"The backup is of PostgreSQL {made_by}; this server is {server}. Restore to {made_by} or later.")
    if others := standing.at_work(look_seconds):
        who = ", ".join(f"{name} ({count})" for name, count in sorted(others.items()))
        raise Refused(f"Hearth is at work in this database: end everything but the database first. Connected: {who}.")
    for finding in decisive(connection):
        if finding.name != "schema":  # what is newer than this code gives way
            raise Refused(finding.says)
    _check_room(backup)
    counted = standing.counts()
    return Plan(backup, counted, losing.loss(backup.folder, backup.manifest, counted))


def _check_room(backup: Opened) -> None:
    """Raise Refused where a disk has not enough for what goes there. An embedded database lies on one, too."""
    needs = {Path(settings.FILES): putting.bytes_needed(backup)}
    needs[Path(settings.MODELS)] = putting_models.bytes_needed(backup.manifest)
    if (data := Path(env().var) / "postgres").exists():
        needs[data] = SWELLS * backup.manifest.files[manifest.DUMP].size
    disks: dict[int, tuple[Path, int]] = {}
    for folder, needed in needs.items():
        there = existing(folder.resolve())
        disk = there.stat().st_dev
        disks[disk] = (there, needed + disks.get(disk, (there, 0))[1])
    for there, needed in disks.values():
        if needed:
            check_room(there, needed)


def restore(intended: Plan, *, keys: bool, anchors_aside: bool, progress: Progress) -> Report:
    """Do it. Raises Refused, OSError, Torn: the database is what it was. Raises Unfinished: it is the backup's."""
    backup, report = intended.backup, Report()
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    with report.step("files"):
        report.files = putting.files(backup, progress)
        report.models = putting_models.models(backup, progress)
    with report.step("tombstones"):
        tombstones = (backup.folder / manifest.TOMBSTONES).read_bytes()
        report.buried = lines.put_tombstones(tombstones, Path(settings.TOMBSTONES))
    with report.step("database"):
        _load(backup, report.buried, progress)
    with report.behind_commit("anchors and keys"):
        _put_beside(intended, report, keys=keys, stamp=stamp, anchors_aside=anchors_aside)
    with report.behind_commit("migrations"):
        loading.bring_up_to_date()
    with report.behind_commit("audit log"):
        report.judgement = judge(backup.folder, backup.manifest)
        _note(intended, report)
    with report.behind_commit("deletions"):
        _bury(report)
    with report.behind_commit("checking files"):
        report.found = putting.files_beside_rows(progress)
        report.counts = standing.counts()
    return report


def _load(backup: Opened, buried: Buried, progress: Progress) -> None:
    """Replace the database. Raises Refused: it is what it was, and may have to hear of tombstones that came."""
    try:
        loading.load(backup.folder / manifest.DUMP, progress)
    except Refused as reason:
        if not buried.added:
            raise
        raise Refused(
            f"{reason} {buried.added} tombstones of the backup were added to those on the disk: before Hearth starts, "
            "run manage.py replay_deletions."
        ) from None


def _remaining(failed: str, error: BaseException) -> str:
    """Say what was done, what failed, and what is to be run."""
    said = next(iter(str(error).splitlines()), "")[:300] or type(error).__name__
    left = BEHIND[BEHIND.index(failed) :]
    keys = ", and with --keys where the backup's keys are wanted" if failed == BEHIND[0] else ""
    hand = ", ".join(f"manage.py {BY_HAND[name]}" for name in left if name in BY_HAND)
    return (
        f"The database is the backup's, and files and tombstones are in place. Then this failed: {failed}. {said}\n"
        f"Not done: {', '.join(left)}. Leave Hearth stopped, mend what it says, and run the same command again with "
        f"--replace{keys}." + (f" Or do by hand what is left: {hand}." if hand else "")
    )


def _put_beside(intended: Plan, report: Report, *, keys: bool, stamp: str, anchors_aside: bool) -> None:
    """Put back what else lies beside the database: newer anchors stay, and so do keys that somebody may need."""
    folder, anchors = intended.backup.folder, Path(settings.ANCHORS)
    unused = () if intended.missed else ("secret_key", *_unused_anchor_key(anchors))
    aside = anchors.with_name(f"anchors-until-restore-{stamp}.jsonl") if anchors_aside else None
    report.anchors = lines.put_anchors((folder / manifest.ANCHORS).read_bytes(), anchors, aside=aside)
    report.aside = aside if aside and aside.exists() else None
    over = ("secret_key", "anchor_key") if keys else unused
    report.keys = putting.keys(intended.backup.keys, over=over, stamp=stamp)


def _unused_anchor_key(anchors: Path) -> tuple[str, ...]:
    """A key may be replaced without being asked for where no anchor on the disk was signed with it."""
    return () if lines.whole_lines(anchors) else ("anchor_key",)


def _bury(report: Report) -> None:
    """Delete again what was deleted. Where the tombstones are the backup's, and the database knows all, nothing was."""
    report.behind = sweeping.restored()
    same = report.buried is not None and report.buried.met is Meeting.SAME
    if report.behind or not same:
        report.deleted = sweeping.replay()


@transaction.atomic
def _note(intended: Plan, report: Report) -> None:
    """Write the entry: the first that the restored log has more than the backup's."""
    assert report.judgement is not None
    made, lost = intended.backup.manifest, intended.loss
    facts = {"manifest": intended.backup.digest, "seq": report.judgement.seq, "anchored": report.judgement.reached}
    facts |= {"lost_entries": lost.entries, "sound": report.judgement.sound, "anchors_aside": bool(report.aside)}
    facts |= {f"lost_{name}": count for name, count in lost.gone.items()}
    record(verbs.RESTORED, targets=[Target("backup", made.name)], facts=facts)

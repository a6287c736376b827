"""A restore, step by step. What can be lost is said before, and what was found is said behind.

Files come first: a restore that breaks off leaves some without rows, which the house tidies. The database is replaced
in one transaction. Then come tombstones, migrations, the verification of the log, and deletions once more.
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from audit import verbs
from audit.actions import record
from audit.entry import Target
from backup import lines, loading, losing, manifest, programs, putting, standing
from backup.judging import Judgement, judge
from backup.lines import Buried, Meeting
from backup.losing import Loss
from backup.opening import Opened
from backup.progress import Progress
from backup.putting import FilesFound
from backup.refused import Refused
from retention import sweeping


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
    counted = standing.counts()
    return Plan(backup, counted, losing.loss(backup.folder, backup.manifest, counted))


def restore(intended: Plan, *, keys: bool, anchors_aside: bool, progress: Progress) -> Report:
    """Do it. Raises Refused, OSError: up to the database nothing has changed that anybody sees."""
    backup, report = intended.backup, Report()
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    with report.step("files"):
        report.files = putting.files(backup, progress)
    with report.step("database"):
        loading.load(backup.folder / manifest.DUMP, progress)
    with report.step("tombstones and keys"):
        _put_beside(intended, report, keys=keys, stamp=stamp, anchors_aside=anchors_aside)
    with report.step("migrations"):
        loading.bring_up_to_date()
    with report.step("audit log"):
        report.judgement = judge(backup.folder, backup.manifest)
        _note(intended, report)
    with report.step("deletions"):
        _bury(report)
    with report.step("checking files"):
        report.found = putting.files_beside_rows(progress)
    report.counts = standing.counts()
    return report


def _put_beside(intended: Plan, report: Report, *, keys: bool, stamp: str, anchors_aside: bool) -> None:
    """Put back what lies beside the database: newer lines stay, and so do keys that somebody may need."""
    folder, anchors = intended.backup.folder, Path(settings.ANCHORS)
    unused = () if intended.missed else ("secret_key", *_unused_anchor_key(anchors))
    aside = anchors.with_name(f"anchors-until-restore-{stamp}.jsonl") if anchors_aside else None
    report.buried = lines.put_tombstones((folder / manifest.TOMBSTONES).read_bytes(), Path(settings.TOMBSTONES))
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

"""The audit log of a database that was restored: is it the backup's, and how far do anchors say that it reached?"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from audit.verification import verdict_over
from audit.verifying import Verdict
from backup import lines
from backup.manifest import ANCHORS, Manifest
from backup.opening import own_public


@dataclass(frozen=True, slots=True)
class Judgement:
    """`own` is the verdict by the backup's anchors, `whole` that by the anchors on the disk."""

    own: Verdict
    whole: Verdict
    head_fits: bool
    seq: int  # the last entry of the backup
    reached: int  # the last entry that an anchor on the disk names

    @property
    def sound(self) -> bool:
        """Whether the log is the backup's, to the last byte."""
        return self.own.sound and self.head_fits

    @property
    def rolled_back(self) -> bool:
        """Whether anchors know entries that the restored log does not have: what a restore does, and must say."""
        return self.sound and not self.whole.sound and self.reached > self.seq

    def sentences(self) -> Iterator[str]:
        """Say it to an operator, and what comes next."""
        if not self.own.sound:
            yield f"The audit log is NOT the backup's: {self.own.sentence}"
        elif not self.head_fits:
            yield f"The audit log is NOT the backup's: entry {self.seq} is not the one that the manifest names."
        else:
            yield f"Audit log: {self.own.sentence.rstrip('.')}, up to entry {self.seq} as it was backed up."
        if self.rolled_back:
            yield (
                f"Rolled back to entry {self.seq}, as a restore of an older backup does: anchors outside the database "
                f"reach {self.reached}, so {self.reached - self.seq} entries are lost. verify_audit says so, and no "
                f"anchors are made, until {settings.ANCHORS} is moved aside and kept: it is the evidence."
            )
        elif self.sound and not self.whole.sound:
            yield f"The anchors on this disk do not fit to it: {self.whole.sentence}"


def judge(folder: Path, manifest: Manifest) -> Judgement:
    """Verify the restored log twice: by the anchors of the backup, and by those on the disk."""
    signed = frozenset({str(manifest.anchor["key"])}) if manifest.anchor else frozenset[str]()
    seq = int(manifest.audit["seq"])
    on_disk = lines.anchors_on_disk()
    known = own_public() or frozenset({anchor.key for anchor in on_disk})
    return Judgement(
        own=verdict_over(folder / ANCHORS, signed or own_public()),
        whole=verdict_over(None, known),
        head_fits=_has(seq, str(manifest.audit["hash"])),
        seq=seq,
        reached=on_disk[-1].seq if on_disk else 0,
    )


def _has(seq: int, digest: str) -> bool:
    """Whether the log has the backup's last entry. An empty log has none, and fits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM audit_entry WHERE seq = %s", [seq])
        found = cursor.fetchone()
        cursor.execute("SELECT first_seq - 1, first_prev FROM audit_head")
        beginning = cursor.fetchone()
    return bool(found and found[0] == digest) or beginning == (seq, digest)

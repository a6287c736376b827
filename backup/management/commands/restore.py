"""`manage.py restore DIR`: a backup takes the place of what stands. `--check` looks at it and touches nothing."""

import sys
from argparse import SUPPRESS
from collections.abc import Iterator
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError
from psycopg import Error

from audit.actions import Unwritten
from audit.actor import acting, operator
from backup import embedded, losing, opening, putting, restoring, sealing, standing
from backup.lines import Meeting
from backup.opening import Opened
from backup.progress import Progress
from backup.refused import Refused, Unfinished
from backup.restoring import Plan, Report
from backup.signals import ending_in_order
from models_admin.models.files import shown_size
from retention.ledger import Torn

UNFINISHED = 3
BROKEN_OFF = (
    "It was broken off before the database was the backup's, or just as it became it. Look at what stands: where it is "
    "the backup's, run the same command again with --replace, before Hearth starts."
)
ALONE = {"--help", "-h", "--check"}  # these need no database
NEXT = (
    "Start Hearth; people sign in again. Holds, rules, roles and accounts are as they were at the backup: look at "
    "them, then let sweeps go on under Data where they are paused. See docs/backup.md."
)


class Command(BaseCommand):
    """Restore. Ends with 0: done and as it should be; 1: the database is what it was; 3: it is the backup's, and
    something remains to be done or looked at.
    """

    help = "Check a backup and put it in the place of what stands; says before what will be lost."
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        if embedded.is_meant() and not ALONE & set(argv):
            try:
                sys.exit(embedded.pass_on(argv[1:], as_owner=True))
            except Refused as reason:
                sys.exit(f"CommandError: {reason}")
        super().run_from_argv(argv)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a backup: hearth-<time>")
        parser.add_argument("--check", action="store_true", help="check the backup and touch nothing")
        parser.add_argument("--replace", action="store_true", help="a database that is in use may be replaced")
        parser.add_argument("--passphrase-file", type=Path, help="opens the keys; its first line is taken")
        parser.add_argument("--keys", action="store_true", help="put keys back over others, which are kept aside")
        parser.add_argument("--keys-to", type=Path, help="write the keys to this folder, and nothing else")
        parser.add_argument("--key", action="append", default=[], help="a public key that may have signed it")
        parser.add_argument("--unsigned", action="store_true", help="take a backup that no known key has signed")
        parser.add_argument(
            "--anchors-aside", action="store_true", help="keep newer anchors aside, and go on from the backup's"
        )
        parser.add_argument("--no-input", action="store_true", help="do not ask")
        parser.add_argument("--quiet", action="store_true", help="say no progress")
        parser.add_argument("--look-seconds", type=float, default=standing.LOOK_SECONDS, help=SUPPRESS)

    def handle(self, *args: Any, folder: Path, check: bool, **options: Any) -> None:
        progress = Progress(None if options["quiet"] else self.stderr.write)
        try:
            backup = self._opened(folder.resolve(), progress, **options)
            if options["keys_to"]:
                putting.keys_to(options["keys_to"], backup.keys)
                self.stdout.write(f"Written to {options['keys_to']}: {', '.join(sorted(backup.keys)) or 'no keys'}.")
            elif not check:
                with acting(operator()), ending_in_order():
                    self._restore(backup, progress, **options)
        except Unfinished as reason:
            raise CommandError(str(reason), returncode=UNFINISHED) from None
        except KeyboardInterrupt:
            raise CommandError(BROKEN_OFF, returncode=130) from None
        except (Refused, OSError, Torn, Unwritten, DatabaseError, InterfaceError, Error) as reason:
            raise CommandError(str(reason)) from None

    def _opened(self, folder: Path, progress: Progress, **options: Any) -> Opened:
        backup = opening.opened(
            folder, passphrase=self._passphrase(folder, **options), keys=frozenset(options["key"]), progress=progress
        )
        made = backup.manifest
        self.stdout.write(
            f"{made.name}: {len(made.files)} files, {shown_size(made.size)}, each as it was written. "
            f"Made by Hearth {made.hearth} on PostgreSQL {made.postgres}; audit log up to entry {made.audit['seq']}."
        )
        self.stdout.write(f"It has {losing.said(made.counts)}. Manifest {backup.digest}.")
        self.stdout.write(backup.signature)
        for sentence in made.left_out:
            self.stdout.write(f"Left out: {sentence}")
        return backup

    def _passphrase(self, folder: Path, *, passphrase_file: Path | None, **options: Any) -> str | None:
        if passphrase_file is not None:
            return sealing.passphrase_in(passphrase_file)
        wanted = (folder / "keys.sealed").exists() and sys.stdin.isatty() and not options["no_input"]
        return (getpass("Passphrase of the keys (empty: without them): ") or None) if wanted else None

    def _restore(self, backup: Opened, progress: Progress, **options: Any) -> None:
        if not backup.known and not options["unsigned"] and (options["key"] or opening.own_public()):
            raise Refused("No known key has signed it. If you trust it all the same: --unsigned.")
        intended = restoring.plan(backup, look_seconds=options["look_seconds"])
        for sentence in intended.loss.sentences(backup.manifest):
            self.stdout.write(sentence)
        self._consent(intended, **options)
        report = restoring.restore(
            intended, keys=options["keys"], anchors_aside=options["anchors_aside"], progress=progress
        )
        for sentence in told(report):
            self.stdout.write(sentence)
        if wrong := list(wrongs(report)):
            raise CommandError("\n".join(["It was restored, but:", *wrong]), returncode=UNFINISHED)

    def _consent(self, intended: Plan, *, replace: bool, no_input: bool, **options: Any) -> None:
        """Raise Refused where nobody has said that what stands may go."""
        if not intended.missed:
            return
        if not replace:
            raise Refused(
                f"Nothing was done: the database is in use ({losing.said(intended.standing)}). "
                "--replace puts the backup in its place."
            )
        if sys.stdin.isatty() and not no_input:
            self.stdout.write("Type 'replace' to put the backup in its place: ", ending="")
            self.stdout.flush()
            if sys.stdin.readline().strip() != "replace":
                raise Refused("Nothing was done.")


def told(report: Report) -> Iterator[str]:
    """Say what was done."""
    assert report.judgement is not None
    assert report.found is not None
    assert report.buried is not None
    yield f"Restored: {losing.said(report.counts)}."
    yield f"Files: {report.files} were put back; {report.found.whole} are as their rows say."
    if report.models.files:
        yield f"Model files: {report.models.files} were put back."
    if report.behind or report.deleted:
        again = {name: count for name, count in report.deleted.items() if name != "held"}
        yield (
            f"Deletions: the backup was {report.behind} purges behind the tombstones. "
            f"Deleted again: {losing.said(again) or 'nothing was there any more'}."
        )
    if report.buried.met is Meeting.APART:
        yield f"Tombstones: {report.buried.added} of the backup's were added to those on the disk."
    yield from report.judgement.sentences()
    if report.aside:
        yield f"Newer anchors are kept in {report.aside}: it is the evidence of what was rolled back."
    yield from report.keys
    yield NEXT
    steps = ", ".join(f"{name} {seconds:.1f}" for name, seconds in report.seconds.items())
    yield f"It took {sum(report.seconds.values()):.1f} s: {steps}."


def wrongs(report: Report) -> Iterator[str]:
    """Say what is not as it should be."""
    assert report.judgement is not None
    assert report.found is not None
    if not report.judgement.sound:
        yield "the audit log is not the backup's;"
    yield from report.models.not_put
    for pk in report.found.missing:
        yield f"the file {pk} is missing;"
    for pk in report.found.damaged:
        yield f"the file {pk} is not what somebody attached."

"""`manage.py backup --to DIR`: one consistent copy of everything that must be kept, beside a running Hearth."""

import sys
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError
from psycopg import Error

from audit.actor import acting, operator
from backup import embedded, expiring, making, sealing
from backup.making import Made, Wanted
from backup.progress import Progress
from backup.refused import Refused
from models_admin.models.files import shown_size
from retention.terms import house

BY_RULE = -1
PARTLY = 3  # made, and not all of it is as it should be


class Command(BaseCommand):
    """Make a backup. Ends with 0: made and whole; 1: nothing was made; 3: made, and something is missing in it."""

    help = "Copy the database, files, anchors and tombstones of one moment into a folder, with a manifest of hashes."
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        if embedded.is_meant() and not {"--help", "-h"} & set(argv):
            try:
                sys.exit(embedded.pass_on(argv[1:], as_owner=False))
            except Refused as reason:
                sys.exit(f"CommandError: {reason}")
        super().run_from_argv(argv)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, required=True, help="the folder that backups lie in")
        parser.add_argument("--passphrase-file", type=Path, help="seals the keys; its first line is taken")
        parser.add_argument("--without-keys", action="store_true", help="leave the keys out, and do not ask")
        parser.add_argument("--with-models", action="store_true", help="copy model files, too")
        parser.add_argument(
            "--keep-days",
            type=int,
            nargs="?",
            const=BY_RULE,
            help="then remove backups that would be older before the next day's; without a number, as the rules say",
        )
        parser.add_argument("--quiet", action="store_true", help="say what is wrong, and nothing else")

    def handle(self, *args: Any, to: Path, quiet: bool, keep_days: int | None, **options: Any) -> None:
        progress = Progress(None if quiet else self.stderr.write)
        try:
            wanted = Wanted(to.resolve(), self._passphrase(**options), options["with_models"], progress)
            with acting(operator()):
                made = making.make(wanted)
        except (Refused, OSError, DatabaseError, InterfaceError, Error) as reason:
            raise CommandError(f"No backup was made. {reason}") from None
        except KeyboardInterrupt:
            raise CommandError("No backup was made: it was broken off.", returncode=130) from None
        if not quiet:
            self._tell(made)
        self._expire(made, keep_days, quiet)
        self._warn(made)

    def _passphrase(self, *, passphrase_file: Path | None, without_keys: bool, **options: Any) -> str | None:
        """Return what seals the keys: out of a file, or asked for where somebody can answer. Never an argument."""
        if without_keys:
            return None
        if passphrase_file is not None:
            passphrase = sealing.passphrase_in(passphrase_file)
        elif sys.stdin.isatty():
            passphrase = getpass("Passphrase for the keys (empty: leave them out): ")
            if passphrase and getpass("Once more: ") != passphrase:
                raise Refused("The two are not the same.")
            if not passphrase:
                return None
        else:
            return None
        sealing.check_passphrase(passphrase)
        return passphrase

    def _tell(self, made: Made) -> None:
        manifest = made.manifest
        counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in manifest.counts.items())
        self.stdout.write(f"{made.folder}: {shown_size(manifest.size)} in {made.seconds:.1f} s. {counts}.")
        self.stdout.write(f"As of {manifest.made_at}; manifest {made.digest}, {self._signature(made)}.")
        for sentence in manifest.left_out:
            self.stdout.write(f"Left out: {sentence}")
        if manifest.purged:
            self.stdout.write(f"{len(manifest.purged)} files were purged by a sweep while it was made.")

    def _signature(self, made: Made) -> str:
        return "signed" if made.signed else "not signed, since this process does not have the anchors' key"

    def _expire(self, made: Made, days: int | None, quiet: bool) -> None:
        if days is None:
            return
        stated = house().backup_days
        days = stated if days == BY_RULE else days
        if days > stated:
            self.stderr.write(f"Backups are kept for {days} days here, and the rules tell people {stated}.")
        now = datetime.now(UTC)
        gone = expiring.remove_old(made.folder.parent, days=days, now=now, but=made.folder.name)
        if gone and not quiet:
            self.stdout.write(f"Removed, since backups are kept for {days} days: {', '.join(gone)}.")

    def _warn(self, made: Made) -> None:
        """Say what should be in it and is not. Raises CommandError with 3."""
        if made.whole:
            return
        wrong = [f"The file {pk} was lost before: {made.folder.name} does not have it." for pk in made.manifest.missing]
        wrong += [f"The file {pk} is not what somebody attached any more." for pk in made.manifest.damaged]
        if not made.noted:
            wrong.append("The audit log has no entry of it: the database could not be written to.")
        raise CommandError("\n".join([f"{made.folder} was made, but:", *wrong]), returncode=PARTLY)

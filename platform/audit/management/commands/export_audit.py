"""`manage.py export_audit --out folder`: entries, anchors, manifest and signature, to be checked without Hearth."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from audit import export
from audit.actions import note_export
from audit.actor import acting, operator
from audit.anchors import anchors_in
from audit.sealing import seal
from audit.signing import NoKey, fingerprint


class Command(BaseCommand):
    """Export the log, or a part of it."""

    help = "Export the audit log with anchors, manifest and signature; tools/verify_audit_export.py checks it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="the folder to write")
        parser.add_argument("--first", type=int, default=1)
        parser.add_argument("--last", type=int)

    def handle(self, *args: Any, out: Path, first: int, last: int | None, **options: Any) -> None:
        with acting(operator()):
            note_export(first=first, last=last, form="folder")
        try:
            anchors = anchors_in(Path(settings.ANCHORS))
            made = export.write(connection, out, anchors, first=first, last=last, seal=seal)
        except (export.NotThere, NoKey) as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(f"Exported entries {made['first']} to {made['last']} to {out}.")
        self.stdout.write(f"Public key {made['key']} (fingerprint {fingerprint(made['key'])})")

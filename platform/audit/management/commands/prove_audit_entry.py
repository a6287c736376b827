"""`manage.py prove_audit_entry 918`: one entry and the proof that an anchor covers it, as JSON."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from audit import export
from audit.actions import note_export
from audit.actor import acting, operator
from audit.anchors import anchors_in


class Command(BaseCommand):
    """Print one entry with its proof."""

    help = "Print one entry of the audit log with the proof that an anchor covers it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("seq", type=int)

    def handle(self, *args: Any, seq: int, **options: Any) -> None:
        with acting(operator()):
            note_export(first=seq, last=seq, form="proof")
        try:
            (proof,) = export.proofs_of(connection, [seq], anchors_in(Path(settings.ANCHORS)))
        except export.NotThere as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(export.as_text(proof))

"""`manage.py verify_audit`: is the log what it was? Ends with 1 and the first bad entry where it is not."""

import contextlib
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError

from audit.actions import Unwritten, note_verification
from audit.actor import acting, operator
from audit.verification import verdict_over


class Command(BaseCommand):
    """Verify the chain, its head and the anchors."""

    help = "Verify the audit log: its chain, its head, and the anchors outside the database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchors", type=Path, help="a copy of the anchors; default: this installation's file")
        parser.add_argument(
            "--key", action="append", default=[], help="public keys that may have signed, 64 hex digits"
        )

    def handle(self, *args: Any, anchors: Path | None, key: list[str], **options: Any) -> None:
        began = time.monotonic()
        verdict = verdict_over(anchors, frozenset(key))
        seconds = time.monotonic() - began
        with contextlib.suppress(DatabaseError, InterfaceError, Unwritten), acting(operator()):
            note_verification(verdict)  # a log that cannot be written can still be judged
        if not verdict.sound:
            raise CommandError(verdict.sentence, returncode=1)
        self.stdout.write(f"{verdict.sentence} {seconds:.1f} s.")

"""`manage.py preflight`: what an operator should know before Hearth starts or is upgraded."""

import json
import os
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.preflight import Finding, Level, gather

MARKS = {Level.OK: "ok     ", Level.ADVICE: "advice ", Level.WARNING: "WARNING", Level.ERROR: "ERROR  "}


class Command(BaseCommand):
    """Look at everything, and end with 1 where something keeps Hearth from working."""

    help = "Look at the machine, the servers and the set-up; ends with 1 where something keeps Hearth from working."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="an array of findings instead of lines")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000), help="0: none is tried")

    def handle(self, *args: Any, json: bool, port: int, **options: Any) -> None:
        found = list(gather(port=port or None))
        self.stdout.write(_as_json(found) if json else _as_lines(found))
        errors = sum(finding.level is Level.ERROR for finding in found)
        if errors:
            raise CommandError(f"{errors} of {len(found)} checks keep Hearth from working.")


def _as_json(found: list[Finding]) -> str:
    return json.dumps([asdict(finding) for finding in found], indent=2)


def _as_lines(found: list[Finding]) -> str:
    return "\n".join(f"{MARKS[finding.level]} {finding.name:<11} {finding.says}" for finding in found)

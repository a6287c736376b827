"""`manage.py up`: start Hearth with everything it needs, and end it with Ctrl-C."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.env import ROOT, env
from config.supervisor.house import House
from config.supervisor.servers import CannotStart


class Command(BaseCommand):
    """Start Hearth."""

    help = "Start the servers, the web process and the workers; Ctrl-C ends them in order."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--model", default=os.environ.get("MODEL", ""))
        parser.add_argument("--only", default="", help="postgres,valkey: the servers alone")

    def handle(self, *args: Any, port: int, model: str, only: str, **options: Any) -> None:
        wanted = frozenset(part for part in only.split(",") if part)
        house = House(var=Path(env().var).resolve(), root=ROOT, port=port, model=model, say=self.say, only=wanted)
        try:
            house.run()
        except CannotStart as reason:
            raise CommandError(str(reason)) from None

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

"""`manage.py sweep`: purge what is due now, and say what went."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.actor import acting, operator
from retention import sweeping
from retention.models import Run


class Command(BaseCommand):
    """One sweep, in this process."""

    help = "Purge everything that is due by the rules in force."

    def handle(self, *args: Any, **options: Any) -> None:
        with acting(operator()):
            run = sweeping.sweep()
        if run is None:
            raise CommandError("Another sweep is under way, or deletions must be replayed first.")
        what = "; ".join(
            f"{kind}: " + ", ".join(f"{count} {name}" for name, count in counts.items())
            for kind, counts in run.counts.items()
        )
        self.stdout.write(f"Run {run.pk}: {what or 'nothing was due'}.")
        if run.state != Run.State.DONE:
            raise CommandError("Not everything could be removed; the log says what.")

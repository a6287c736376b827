"""`manage.py replay_deletions`: after a restore, delete again what was deleted since the backup."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.actor import acting, operator
from retention import sweeping
from retention.ledger import Torn


class Command(BaseCommand):
    """Read every tombstone and delete what the database has of it. Holds that it has win."""

    help = "Delete again what a restored database has and the tombstones say was deleted."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            missing = sweeping.restored()
            with acting(operator()):
                done = sweeping.replay()
        except (Torn, OSError) as error:
            raise CommandError(f"The tombstones cannot be read: {error}") from error
        held = done.pop("held", 0)
        what = ", ".join(f"{count} {name}" for name, count in sorted(done.items())) or "nothing was there any more"
        self.stdout.write(f"The database was {missing} purges behind the tombstones. Deleted again: {what}.")
        if held:
            self.stdout.write(f"{held} stay, since a legal hold is on them in this database.")

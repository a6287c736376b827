"""`manage.py setup_link --origin http://host:port`: the first administrator's way in, while nobody owns the place."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.urls import reverse
from django.utils import timezone

from accounts.actions import make_setup_link
from accounts.queries import needs_setup
from audit.actor import acting, operator


class Command(BaseCommand):
    """Print a one-time set-up link, or nothing when somebody owns this installation."""

    help = "Print a one-time set-up link while nobody owns this installation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--origin", required=True)

    def handle(self, *args: Any, origin: str, **options: Any) -> None:
        if needs_setup():
            with acting(operator()):
                path = reverse("accounts:setup", args=[make_setup_link(now=timezone.now())])
            self.stdout.write(f"Set up Hearth: {origin.rstrip('/')}{path}")

"""`manage.py reset_password EMAIL`: a way back in for somebody who cannot get a mail."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import make_reset_link
from accounts.models import User
from audit.actor import acting, operator


class Command(BaseCommand):
    """Print a one-time link for one person."""

    help = "Print a one-time link with which this person chooses a new password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--origin", default=settings.ORIGINS[0])

    def handle(self, *args: Any, email: str, origin: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody with the address {email} can sign in here.")
        with acting(operator()):
            path = make_reset_link(user)
        self.stdout.write(f"Choose a new password, within a day: {origin.rstrip('/')}{path}")

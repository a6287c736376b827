"""`manage.py reset_factors EMAIL`: a way back in for somebody who has lost their second factors and recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.securing import reset_factors
from audit.actor import acting, operator


class Command(BaseCommand):
    """Take one person's second factors away."""

    help = "Take a person's second factors away and sign them out; their password is still asked for."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"There is nobody with the address {email} here.")
        with acting(operator()):
            count = reset_factors(user)
        self.stdout.write(f"Removed: {count}. {email} signs in with the password alone now.")

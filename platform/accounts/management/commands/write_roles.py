"""`manage.py write_roles`: write `docs/roles.md` from the table of roles."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.roles_document import document


class Command(BaseCommand):
    """Write the document anew."""

    help = "Write docs/roles.md from the table of roles."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "docs" / "roles.md").write_text(document(), encoding="utf-8")

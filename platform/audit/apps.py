from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    """The append-only log of who did what, and the proofs that nobody changed it."""

    name = "audit"
    verbose_name = "Audit log"

    def ready(self) -> None:
        from audit.grants import after_migrations

        post_migrate.connect(after_migrations, sender=self, dispatch_uid="grant what the application may do")

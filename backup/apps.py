from django.apps import AppConfig


class BackupConfig(AppConfig):
    """One consistent copy of the house, and the way back from it."""

    name = "backup"
    verbose_name = "Backup"

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Read-only snapshots of chats, inside the organisation."""

    name = "sharing"
    verbose_name = "Sharing"

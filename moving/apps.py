from django.apps import AppConfig


class MovingConfig(AppConfig):
    """Chats that come in and go out: exports and imports."""

    name = "moving"
    verbose_name = "Moving"

from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Conversations, messages, and the answers that are being written."""

    name = "chat"
    verbose_name = "Chat"

from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Conversations, messages, and the answers that are being written."""

    name = "chat"
    verbose_name = "Chat"

    def ready(self) -> None:
        from accounts import belongings
        from chat import actions, queries

        belongings.keep(belongings.Belonging("chats", queries.count_of, actions.delete_all_of))

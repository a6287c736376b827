from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """How long everything is kept, what is held, and the proof that the rest is gone."""

    name = "retention"
    verbose_name = "Retention"

    def ready(self) -> None:
        from accounts import belongings
        from retention import erasing

        belongings.keep(belongings.Belonging("chats", erasing.count_of, erasing.erase_all_of))

from django.apps import AppConfig


class BreakglassConfig(AppConfig):
    """One person's content, for a reason, with a second person's word, for a time; the person hears of it."""

    name = "breakglass"
    verbose_name = "Break-glass"

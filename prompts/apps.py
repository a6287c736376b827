from django.apps import AppConfig


class PromptsConfig(AppConfig):
    """Prompts that people keep, share and put behind a slash."""

    name = "prompts"
    verbose_name = "Prompts"

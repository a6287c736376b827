from django.apps import AppConfig


class FindingConfig(AppConfig):
    """Search, and the palette of everything that can be reached by its name."""

    name = "finding"
    verbose_name = "Finding"

from django.apps import AppConfig


class HealthConfig(AppConfig):
    """Whether everything works: probes, metrics, and a page with history."""

    name = "health"
    verbose_name = "Health"

from django.apps import AppConfig


class EgressConfig(AppConfig):
    """What can leave the house, and the proof that nothing else can."""

    name = "egress"
    verbose_name = "What can leave the house"

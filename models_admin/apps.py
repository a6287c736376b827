from django.apps import AppConfig


class ModelsAdminConfig(AppConfig):
    """The registry of models and the machines that host them."""

    name = "models_admin"
    verbose_name = "Models"

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, teams, roles and sign-in."""

    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from accounts import sign_in

        sign_in.listen()

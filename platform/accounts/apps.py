from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, teams, roles and sign-in."""

    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out

        from accounts import sign_in
        from accounts.live import signed_out

        sign_in.listen()
        user_logged_out.connect(signed_out, dispatch_uid="close sockets")

"""The link with which somebody chooses a new password: the same one that is mailed."""

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from accounts.models import User


def reset_path(user: User) -> str:
    """Return the path of a fresh link. It works until the password changes, for PASSWORD_RESET_TIMEOUT at most."""
    token = PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), token])

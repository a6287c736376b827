"""What somebody sends who comes in for the first time."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _password(label: "StrOrPromise") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, strip=False, max_length=1000, widget=widget)


class PasswordForm(forms.Form):
    """A name, and a password twice. `email` says whose it will be, where the form does not ask for it."""

    display_name = forms.CharField(
        max_length=120, label=gettext_lazy("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password1 = _password(gettext_lazy("Password"))
    password2 = _password(gettext_lazy("Password again"))

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whose = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ."))
        elif first:
            email = cleaned.get("email", "") or self.whose
            try:
                validate_password(first, User(email=email, display_name=cleaned.get("display_name", "")))
            except forms.ValidationError as weak:
                self.add_error("password1", weak)
        return cleaned


class SetupForm(PasswordForm):
    """Who owns this installation."""

    organisation = forms.CharField(max_length=120, label=gettext_lazy("Organisation"))
    email = forms.EmailField(max_length=254, label=gettext_lazy("E-mail address"))
    field_order = ("organisation", "display_name", "email", "password1", "password2")


class WishForm(PasswordForm):
    """Who asks to join, where that is possible."""

    email = forms.EmailField(max_length=254, label=gettext_lazy("E-mail address"))
    field_order = ("display_name", "email", "password1", "password2")

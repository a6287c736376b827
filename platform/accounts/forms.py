"""The first administrator's form."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from accounts.models import User


class SetupForm(forms.Form):
    """Who owns this installation."""

    organisation = forms.CharField(max_length=120, label="Organisation")
    display_name = forms.CharField(max_length=120, label="Your name")
    email = forms.EmailField(max_length=254, label="E-mail address")
    password1 = forms.CharField(
        label="Password",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="Password again",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "The two passwords differ.")
        elif first:
            person = User(email=cleaned.get("email", ""), display_name=cleaned.get("display_name", ""))
            try:
                validate_password(first, person)
            except forms.ValidationError as weak:
                self.add_error("password1", weak)
        return cleaned

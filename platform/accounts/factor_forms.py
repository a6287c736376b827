"""What is typed or signed to prove a second factor. Whatever a browser sends, the answer is a sentence."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy
from fido2.utils import websafe_decode

from accounts.models import User
from audit import refusals, verbs
from audit.entry import Target

T = TypeVar("T")
MALFORMED = (TypeError, ValueError, KeyError, AttributeError, InvalidSignature)
USED_SECONDS = 180  # longer than a code is right for
NAME = forms.CharField(label=gettext_lazy("What do you call it?"), max_length=60, required=False)


def _readable(check: Callable[[], T]) -> T:
    """Return what the check returns; what cannot be read is wrong, not an error. Raises ValidationError."""
    try:
        return check()
    except forms.ValidationError:
        raise
    except MALFORMED:
        raise get_adapter().validation_error("incorrect_code") from None


def _from_here(credential: Any) -> None:
    """Hold the browser to an exact origin: the protocol itself would let a subdomain pass. Raises ValidationError."""
    told = json.loads(websafe_decode(credential["response"]["clientDataJSON"]))
    if told["origin"] not in settings.ORIGINS:
        raise get_adapter().validation_error("incorrect_code")


class _Code(forms.Form):
    """A code counts once, for as long as it would be right."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        used = f"hearth.code.{self.user.pk}.{''.join(code.split())}"  # type: ignore[attr-defined]
        if self.authenticator.type == Authenticator.Type.TOTP and not cache.add(used, 1, USED_SECONDS):  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_Code, AuthenticateForm):  # type: ignore[misc]
    """A code of the authenticator app, or a recovery code, at sign-in."""


class CodeAgainForm(_Code, ReauthenticateForm):  # type: ignore[misc]
    """The same, before something sensitive."""


class _Credential(forms.Form):
    user: User | None

    def clean_credential(self) -> Authenticator:
        try:
            return _readable(self._checked)
        except forms.ValidationError:
            targets = [Target("person", self.user.pk)] if self.user else []
            refusals.refused(verbs.FACTOR_REFUSED, targets=targets)
            raise

    def _checked(self) -> Authenticator:
        _from_here(self.cleaned_data["credential"])
        return super().clean_credential()  # type: ignore[misc]


class PasskeyForm(_Credential, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as the second factor."""


class PasskeySignInForm(_Credential, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey alone: it is on the device, and the device has asked for a finger, a face or a PIN."""


class PasskeyAgainForm(_Credential, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey before something sensitive."""


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey. Every one of them signs in by itself."""

    name = NAME
    passwordless = None

    def clean(self) -> dict[str, Any]:
        return _readable(self._checked)

    def _checked(self) -> dict[str, Any]:
        if credential := self.cleaned_data.get("credential"):
            _from_here(credential)
        cleaned: dict[str, Any] = super().clean()
        return cleaned


class PasskeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    name = forms.CharField(label=gettext_lazy("What do you call it?"), max_length=60)

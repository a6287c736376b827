"""Second factors: the pages of allauth that Hearth has, with an entry in the audit log for each change."""

import json
from functools import partial
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.generic.edit import FormView

from accounts import securing
from accounts.factors import is_last_needed, must_have_factor, qr_code_of
from accounts.refusal import Refusal

INDEX = reverse_lazy("mfa_index")
again = method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")


def _key(request: HttpRequest) -> str:
    return request.session.session_key or ""


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return render(request, "accounts/refusal.html", {"why": str(refusal)}, status=409)


class Factors(IndexView):  # type: ignore[misc]
    """What one signs in with, and whether a second factor is asked for."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        held = context["authenticators"]
        codes = held.get(Authenticator.Type.RECOVERY_CODES)
        return context | {
            "passkeys": held.get(Authenticator.Type.WEBAUTHN, []),
            "app": held.get(Authenticator.Type.TOTP),
            "codes": len(codes.get_unused_codes()) if codes else None,
            "must": must_have_factor(self.request.user),
            "owes": getattr(self.request.session, "owes_factor", False),
        }


class _Options:
    """Hands the browser what it signs, as JSON in an attribute: no script stands in the page."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        if "js_data" in context:
            context["options"] = json.dumps(next(iter(context["js_data"].values())))
        return context


class SecondStep(_Options, AuthenticateView):  # type: ignore[misc]
    """The second step of a sign-in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        types = set(Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True))
        return context | {"has_passkey": Authenticator.Type.WEBAUTHN in types, "has_app": "totp" in types}


class PasskeyAgain(_Options, ReauthenticateWebAuthnView):  # type: ignore[misc]
    """A passkey before something sensitive."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = FormView.form_invalid(self, form)
        return response


@again
class AddApp(ActivateTOTPView):  # type: ignore[misc]
    """Set up an authenticator app; where there is one already, in its place."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return FormView.dispatch(self, request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        parts = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        return context | {"qr": qr_code_of(context["totp_url"]), "secret": " ".join(parts)}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        make = partial(super().form_valid, form)
        kind = Authenticator.Type.TOTP
        response: HttpResponse = securing.add_factor(self.request.user, kind=kind, keep=_key(self.request), make=make)
        return response


class RemoveApp(DeactivateTOTPView):  # type: ignore[misc]
    """Do without an authenticator app."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        remove = partial(super().form_valid, form)
        try:
            response: HttpResponse = securing.remove_factor(self.authenticator, keep=_key(self.request), remove=remove)
        except Refusal as refusal:
            return _refused(self.request, refusal)
        return response


class AddPasskey(_Options, AddWebAuthnView):  # type: ignore[misc]
    """Make a passkey. Each one signs in by itself: the device asks for a finger, a face or a PIN."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"options": json.dumps(auth.begin_registration(self.request.user, passwordless=True))}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        make = partial(super().form_valid, form)
        kind = Authenticator.Type.WEBAUTHN
        response: HttpResponse = securing.add_factor(self.request.user, kind=kind, keep=_key(self.request), make=make)
        return response


class RenamePasskey(EditWebAuthnView):  # type: ignore[misc]
    """Give a passkey another name."""

    success_url = INDEX


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    """Do without a passkey. allauth's DELETE would pass the check of the last factor by, and the log."""

    http_method_names = ["get", "head", "post", "options"]
    success_url = INDEX

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"is_last": is_last_needed(self.object)}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        remove = partial(super().form_valid, form)
        try:
            response: HttpResponse = securing.remove_factor(self.get_object(), keep=_key(self.request), remove=remove)
        except Refusal as refusal:
            return _refused(self.request, refusal)
        return response


class MakeCodes(GenerateRecoveryCodesView):  # type: ignore[misc]
    """Make fresh recovery codes."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        make = partial(super().form_valid, form)
        response: HttpResponse = securing.make_recovery_codes(self.request.user, make=make)
        return response

"""Second factors: what counts as one, who must have one, and how their secrets are kept."""

import base64
import secrets
from dataclasses import dataclass

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import Organisation, User
from accounts.sealing import Unreadable, seal, unseal
from accounts.sessions import KEEPERS

PURPOSE = "hearth second factors"
NAMES = {
    Authenticator.Type.TOTP: gettext_noop("authenticator app"),
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: gettext_noop("recovery codes"),
}


def factors_of(user: User) -> QuerySet[Authenticator]:
    """Return the person's second factors. Recovery codes are no factor: they stand in for one that is lost."""
    held = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    ordered: QuerySet[Authenticator] = held.order_by("created_at", "pk")
    return ordered


def names_of(user: User) -> list[str]:
    """Return the kinds of the person's second factors, one for each, and recovery codes where there are some."""
    held = Authenticator.objects.filter(user=user).order_by("created_at", "pk")
    return [_(NAMES[kind]) for kind in held.values_list("type", flat=True)]


def must_have_factor(user: User) -> bool:
    """Whether the organisation asks this person for a second factor."""
    mfa = Organisation.objects.values_list("mfa", flat=True).first()
    return mfa == Organisation.Mfa.EVERYONE or (mfa == Organisation.Mfa.ADMINS and user.organisation_role in KEEPERS)


def is_last_needed(factor: Authenticator) -> bool:
    """Whether its person may not go without this one."""
    others = factors_of(factor.user).exclude(pk=factor.pk)
    return must_have_factor(factor.user) and not others.exists()


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code as an SVG path in units of one module; `side` is the length of its square, quiet zone included."""

    side: int
    path: str


def qr_code_of(text: str) -> QrCode:
    """Return the QR code of this text."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    matrix = code.get_matrix()
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark]
    return QrCode(len(matrix), "".join(dark))


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """How Hearth differs from allauth's habits with second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("That was not right. Try again."),
        "cannot_delete_authenticator": gettext_lazy(
            "Your organisation asks for a second factor, and this is your last one."
        ),
    }

    def get_totp_issuer(self) -> str:
        return Organisation.objects.values_list("name", flat=True).first() or "Hearth"

    def encrypt(self, text: str) -> str:
        return seal(PURPOSE, text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret. Where the signing key is another one by now, return one that nobody knows."""
        try:
            return unseal(PURPOSE, encrypted_text)
        except Unreadable:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not is_last_needed(authenticator)

    def is_mfa_enabled(self, user: User | AnonymousUser, types: list[str] | None = None) -> bool:
        """Whether the person has a second factor; recovery codes alone are none."""
        if not isinstance(user, User):
            return False
        held = Authenticator.objects.filter(user=user) if types else factors_of(user)
        return held.filter(type__in=types).exists() if types else held.exists()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return "Passkey" if not count else _("Passkey %(count)s") % {"count": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "Hearth"}

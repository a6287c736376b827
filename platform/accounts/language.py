"""In which language a person is spoken to: their choice, else what their browser asks for."""

import contextlib
from contextlib import AbstractContextManager

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from accounts.models import User


def chosen(user: User | AnonymousUser) -> str:
    """Return the language that this person has chosen, or an empty text. One that Hearth no longer speaks is none."""
    language = getattr(user, "language", "")
    return language if language in dict(settings.LANGUAGES) else ""


def language_for(user: User | AnonymousUser, asked: str) -> str:
    """Return the language for a person whose browser asks so (an Accept-Language header), where there is no request."""
    if language := chosen(user):
        return language
    for code, _weight in parse_accept_lang_header(asked.lower()):
        with contextlib.suppress(LookupError):
            return get_supported_language_variant(code)
    return settings.LANGUAGE_CODE


def spoken_by(user: User | None) -> AbstractContextManager[None]:
    """Write what follows in the language that this person has chosen; where they have none, in the house's own."""
    return translation.override((chosen(user) if user else "") or settings.LANGUAGE_CODE)


def speaking_to(email: str) -> AbstractContextManager[None]:
    """Write what follows in the language of whoever has this address."""
    return spoken_by(User.objects.filter(email__iexact=email).first())


class LanguageMiddleware(LocaleMiddleware):
    """Speak to whoever asks in their language. It stands behind what says who that is."""

    def process_request(self, request: HttpRequest) -> None:
        translation.activate(get_language_from_request(request))  # it stands where the database is away
        if language := chosen(request.user):
            translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()

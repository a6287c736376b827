"""What scripts say in the reader's language: one script for each language, kept by browsers until its words change."""

from functools import cache
from hashlib import sha256

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

FOR_A_YEAR = "public, max-age=31536000, immutable"


@cache
def script(language: str) -> bytes:
    """Return Django's catalogue for scripts. It stays the same while this process lives."""
    with translation.override(language):
        return JavaScriptCatalog().get(HttpRequest()).content


def address(language: str) -> str:
    """Return where the words are, or an empty text for English: that is what the scripts say by themselves."""
    if language == "en" or language not in dict(settings.LANGUAGES):
        return ""
    return f"{reverse('words')}?language={language}&v={sha256(script(language)).hexdigest()[:12]}"


@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """The script of one language, for everybody."""
    language = request.GET.get("language", "en")
    if language not in dict(settings.LANGUAGES):
        raise Http404
    response = HttpResponse(script(language), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = FOR_A_YEAR
    return response

"""How the house looks: its colour and its logo as browsers fetch them, and what people choose for themselves."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts import looking
from accounts.doors import Keeper, is_part, keepers
from accounts.models import Logo
from accounts.shades import COLOUR, sheet

FOR_A_DAY = "public, max-age=86400"
FOR_A_YEAR = "public, max-age=31536000, immutable"
INERT = "default-src 'none'; sandbox"


@require_safe
def shades(request: HttpRequest, colour: str) -> HttpResponse:
    """The style sheet of one colour, for whoever asks: sign-in pages wear it, too."""
    if not COLOUR.fullmatch(f"#{colour}"):
        raise Http404
    response = HttpResponse(sheet(f"#{colour}"), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = FOR_A_DAY
    return response


@require_safe
def logo(request: HttpRequest, logo: UUID) -> HttpResponse:
    """The organisation's logo, for whoever asks. It is a picture and can be nothing else."""
    kept = Logo.objects.filter(pk=logo).first()
    if kept is None:
        raise Http404
    response = HttpResponse(bytes(kept.data), content_type=kept.type)
    response["Cache-Control"] = FOR_A_YEAR
    response["Content-Security-Policy"] = INERT
    return response


@require_POST
@keepers()
def theme(request: Keeper) -> HttpResponse:
    """Show this person all pages light, dark, or as their device, on whatever device they sign in."""
    looking.choose_theme(request.user, theme=request.POST.get("theme", ""))
    return _back(request)


@require_POST
@login_required
def close_banner(request: Keeper) -> HttpResponse:
    """Show this person an announcement no more. One that is gone already is fine."""
    looking.close_banner(request.user, banner=request.POST.get("banner", ""))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """Return to where the button was; a script that asked needs nothing."""
    if is_part(request):
        return HttpResponse(status=204)
    where = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(where, allowed_hosts=None)
    return redirect(where if safe and where.startswith("/") else "chat:home")

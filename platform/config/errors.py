"""The pages behind an error. They are shown without the database or a session, too."""

import logging
import sys

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from audit import refusals, verbs
from audit.actions import Unwritten

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 5


def _page(template: str, status: int) -> HttpResponse:
    return HttpResponse(render_to_string(template), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what was sent cannot be read."""
    return _page("400.html", 400)


def _note_refusal(request: HttpRequest) -> None:
    """Have the audit log count a refusal, by the door's name: a path may hold a token. Nothing is taken back here."""
    door = request.resolver_match.view_name if request.resolver_match else None
    try:
        refusals.refused(verbs.ACCESS_REFUSED, facts={"door": door})
    except (DatabaseError, InterfaceError, Unwritten):
        log.warning("a refusal could not be written to the audit log")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    _note_refusal(request)
    return _page("403.html", 403)


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a request without its token."""
    _note_refusal(request)
    return _page("403.html", 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: not there and not yours look the same."""
    return _page("404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 with Retry-After while the database is away or the audit log cannot be written."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError | Unwritten):
        away = not isinstance(error, Unwritten) or isinstance(error.__cause__, OperationalError | InterfaceError)
        response = _page("503.html" if away else "503_unwritten.html", 503)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    return _page("500.html", 500)

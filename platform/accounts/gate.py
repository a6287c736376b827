"""What every request of somebody signed in passes: their session is marked as used, and who owes a second factor is led
to where one is set up and reaches nothing else.
"""

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import sync_and_async_middleware

from accounts.sessions import saw
from audit.actor import of_request

LED_TO = "mfa_index"
# Where somebody who owes a second factor may go, by the names of the doors.
OPEN = {
    LED_TO,
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "account_reauthenticate",
    "account_login",
    "account_logout",
}


def _pass(
    request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponse | None:
    key = request.session.session_key
    if key is None or not request.user.is_authenticated:
        return None
    if getattr(request.session, "is_stale", False):
        saw(key, address=of_request(request).address, agent=request.headers.get("User-Agent", ""))
    match = request.resolver_match
    if getattr(request.session, "owes_factor", False) and (match is None or match.view_name not in OPEN):
        return redirect(LED_TO)
    return None


@sync_and_async_middleware
def gate(get_response):  # type: ignore[no-untyped-def]
    """Let pass, or lead to the second factor."""
    if iscoroutinefunction(get_response):

        async def middleware(request: HttpRequest) -> HttpResponseBase:
            response: HttpResponseBase = await get_response(request)
            return response

    else:

        def middleware(request: HttpRequest) -> HttpResponseBase:  # type: ignore[misc]
            response: HttpResponseBase = get_response(request)
            return response

    middleware.process_view = _pass  # type: ignore[attr-defined]
    return middleware

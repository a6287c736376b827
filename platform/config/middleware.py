"""What every response carries beyond Django's own headers."""

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from config.meters import know

POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def _mark(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Pages are for one person and one moment; static files say themselves how long they keep."""
    know(request)
    response.headers.setdefault("Permissions-Policy", POLICY)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@sync_and_async_middleware
def house_headers(get_response):  # type: ignore[no-untyped-def]
    """Add the permissions policy and, where nothing else is said, `Cache-Control: no-store`."""
    if iscoroutinefunction(get_response):

        async def amiddleware(request: HttpRequest) -> HttpResponseBase:
            return _mark(request, await get_response(request))

        return amiddleware

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return _mark(request, get_response(request))

    return middleware

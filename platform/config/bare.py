"""What every answer carries that is given before Django sees the request: what its middleware says of every page."""

from collections.abc import Mapping
from functools import cache

from csp.utils import build_policy
from django.conf import settings

from config.middleware import POLICY


@cache
def guards() -> Mapping[str, str]:
    """Return the headers: no cache, no other meaning, nobody else's frame, and TLS where there is TLS."""
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": build_policy(),
        "Permissions-Policy": POLICY,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
    }
    if settings.SESSION_COOKIE_SECURE:
        headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
    return headers

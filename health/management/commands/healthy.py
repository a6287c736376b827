"""`manage.py healthy --role host`: whether this container's process lives, as an exit code."""

import http.client
from typing import Any

import redis
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from health import pulses

ROLES = ("web", "host", "housekeeping", "beat")
SECONDS = 3.0
UNKNOWN = 3  # the exit code where nobody can say


class Unknown(CommandError):
    """Whoever would know does not answer."""

    def __init__(self, said: str) -> None:
        super().__init__(said, returncode=UNKNOWN)


class Command(BaseCommand):
    """For health checks of containers: asks nobody but the process itself, and the pulses in Redis."""

    help = "End with 0 where the process of this role lives, else with 1; with 3 where Redis is away and nobody knows."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which process, and where the web listens."""
        parser.add_argument("--role", required=True, choices=ROLES)
        parser.add_argument("--port", type=int, default=8000, help="where the web process listens on 127.0.0.1")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look. Raises CommandError with a sentence."""
        sick = _web(options["port"]) if options["role"] == "web" else _pulse(options["role"])
        if sick:
            raise CommandError(sick)


def _web(port: int) -> str:
    """Return what is wrong with the web process, or nothing."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        asked.request("GET", "/healthz")
        status = asked.getresponse().status
    except (OSError, http.client.HTTPException):
        return f"Nothing answers on port {port}."
    finally:
        asked.close()
    return "" if status == 200 else f"/healthz answers {status}."


def _pulse(role: str) -> str:
    """Return what is wrong with a process that lives by pulses, or nothing. Raises Unknown."""
    whose = pulses.of_host() if role == "host" else role
    try:
        age = pulses.ages().get(whose)
    except redis.RedisError:
        raise Unknown("Redis does not answer: pulses cannot be known.") from None
    if age is None:
        return "No pulse has come yet."
    return "" if age <= settings.PULSE_SECONDS else f"No pulse for {age:.0f} s."

"""The bell for hosts: Celery only rings. One that is lost is rung again by beat."""

from collections.abc import Iterable
from uuid import UUID

from celery import current_app

from chat.models import Generation


def ring_behind(ended: Iterable[UUID]) -> None:
    """Answers have ended: ring for the questions that wait behind them in their chats. It never fails."""
    try:
        waiting = Generation.objects.for_hosts().filter(state=Generation.State.QUEUED).order_by()
        behind = waiting.filter(message__conversation__messages__generation__in=list(ended))
        for deployment in set(behind.values_list("deployment", flat=True)):
            current_app.send_task("chat.serve", (str(deployment),), retry=False)
    except Exception:
        return

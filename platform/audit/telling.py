"""Others who hear of the log: a SIEM of every entry, auditors of chosen verbs by mail. Each has a cursor.

A cursor moves after the entries have gone out: what was sent while a process died is sent again (at least once).
"""

import json
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from audit import ocsf, syslog
from audit.models import Cursor, Entry, Head

log = logging.getLogger(__name__)
BATCH = 1000


def forward(*, now: datetime) -> int:
    """Send the SIEM what it has not got. Return how many entries went."""
    if not settings.SIEM:
        return 0
    return _hand_over("siem", lambda entries: _send(entries, now), start=0)


def alert() -> int:
    """Mail the entries of the chosen verbs, where mail is set up. Return how many entries were looked at."""
    if not (settings.ALERT_VERBS and settings.ALERT_TO and settings.MAIL_IS_SET_UP):
        return 0
    return _hand_over("alerts", _mail, start=Head.objects.get().seq)


@transaction.atomic
def _hand_over(name: str, give: Callable[[list[Entry]], None], *, start: int) -> int:
    """Give the next entries behind a cursor, and move it. What cannot be given now is given the next time."""
    Cursor.objects.get_or_create(name=name, defaults={"seq": start})
    cursor = Cursor.objects.select_for_update(skip_locked=True).filter(name=name).first()
    if cursor is None:
        return 0
    entries = list(Entry.objects.filter(seq__gt=cursor.seq).order_by("seq")[:BATCH])
    if not entries:
        return 0
    try:
        give(entries)
    except (OSError, ValueError) as error:
        log.warning("not delivered", extra={"to": name, "reason": str(error)})
        return 0
    Cursor.objects.filter(name=name).update(seq=entries[-1].seq)
    return len(entries)


def _send(entries: list[Entry], now: datetime) -> None:
    lines = [json.dumps(ocsf.event(entry), separators=(",", ":"), ensure_ascii=False) for entry in entries]
    if settings.SIEM.startswith("file://"):
        _append(Path(urlsplit(settings.SIEM).path), lines)
    else:
        syslog.send(settings.SIEM, [syslog.framed("audit", line, now=now) for line in lines])


def _append(file: Path, lines: list[str]) -> None:
    with file.open("a") as stream:
        stream.write("".join(line + "\n" for line in lines))
        stream.flush()
        os.fsync(stream.fileno())


def _mail(entries: list[Entry]) -> None:
    """One mail for all of them. It names ids only; who they are stands in Hearth."""
    mine = [entry for entry in entries if entry.verb in settings.ALERT_VERBS]
    if mine:
        text = "\n".join(_line(entry) for entry in mine)
        send_mail(f"Hearth: {len(mine)} entries of the audit log", text, None, settings.ALERT_TO)


def _line(entry: Entry) -> str:
    actor: dict[str, Any] = json.loads(entry.body)["actor"]
    who = f"{actor['kind']} {actor['id'] or ''}".strip()
    at = entry.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"{entry.seq}  {at}  {entry.verb} ({entry.result}) by {who} on {', '.join(entry.target_ids) or 'nothing'}"

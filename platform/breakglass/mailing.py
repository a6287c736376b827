"""Mails to people whose content was opened: one when it is opened, one when that has ended. They hold no reason."""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse

from breakglass.models import Glass

log = logging.getLogger(__name__)
BATCH = 20
LATE = timedelta(days=7)  # a mail server that is set up later sends nothing about what is long over


def due() -> QuerySet[Glass]:
    """Return the requests of which the person concerned has had no mail, or none since the end."""
    since_end = Q(ended_at__isnull=False, mailed_at__lt=F("ended_at"))
    lately = Q(told_at__gt=Now() - LATE) | Q(ended_at__gt=Now() - LATE)
    return Glass.objects.for_housekeeping().filter(Q(mailed_at=None) | since_end, lately, told_at__isnull=False)


def mail() -> int:
    """Send what is due, where mail is set up. Return how many went. What cannot be sent now is sent the next time."""
    if not settings.MAIL_IS_SET_UP:
        return 0
    sent = 0
    for pk in list(due().order_by("pk").values_list("pk", flat=True)[:BATCH]):
        try:
            sent += _mail_one(pk)
        except (OSError, SMTPException) as error:
            log.warning("a notice was not mailed", extra={"reason": type(error).__name__})
            break
    return sent


@transaction.atomic
def _mail_one(pk: int) -> bool:
    """Mail, then note it: a process that dies between the two mails twice."""
    everything = Glass.objects.for_housekeeping()
    locked = everything.select_for_update(skip_locked=True).filter(pk=pk).exists()
    glass = due().select_related("about", "asked_by").filter(pk=pk).first() if locked else None
    if glass is None:
        return False
    send_mail(_subject(glass), _text(glass), None, [glass.about.email])
    everything.filter(pk=pk).update(mailed_at=Now())
    return True


def _subject(glass: Glass) -> str:
    return f"Your chats in Hearth {'could' if glass.ended_at else 'can'} be read by somebody else"


def _text(glass: Glass) -> str:
    assert glass.decided_at
    assert glass.until
    end = glass.ended_at or glass.until
    verb = "could read" if glass.ended_at else "can read"
    return (
        f"{glass.asked_by or 'Somebody who is no longer there'} {verb} your chats in Hearth from "
        f"{glass.decided_at:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} (UTC). This is request {glass.pk}.\n\n"
        f"Why, who approved it and how much was opened:\n{settings.ORIGINS[0]}{reverse('breakglass:about_me')}\n"
    )

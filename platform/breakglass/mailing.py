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
from django.utils.translation import gettext as _

from accounts.language import spoken_by
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
    with spoken_by(glass.about):
        send_mail(_subject(glass), _text(glass), None, [glass.about.email])
    everything.filter(pk=pk).update(mailed_at=Now())
    return True


def _subject(glass: Glass) -> str:
    if glass.ended_at:
        return _("Your chats in Hearth could be read by somebody else")
    return _("Your chats in Hearth can be read by somebody else")


def _text(glass: Glass) -> str:
    assert glass.decided_at
    assert glass.until
    facts = {
        "who": glass.asked_by or _("Somebody who is no longer there"),
        "since": f"{glass.decided_at:%Y-%m-%d %H:%M}",
        "until": f"{glass.ended_at or glass.until:%Y-%m-%d %H:%M}",
        "number": glass.pk,
    }
    said = _("%(who)s can read your chats in Hearth from %(since)s to %(until)s (UTC). This is request %(number)s.")
    if glass.ended_at:
        said = _(
            "%(who)s could read your chats in Hearth from %(since)s to %(until)s (UTC). This is request %(number)s."
        )
    more = _("Why, who approved it and how much was opened:")
    return f"{said % facts}\n\n{more}\n{settings.ORIGINS[0]}{reverse('breakglass:about_me')}\n"

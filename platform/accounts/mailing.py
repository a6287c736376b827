"""Mails, sent by housekeeping. An invitation's token is made when its mail is, and stands nowhere else."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import tokens
from accounts.holdings import open_invitations
from accounts.inviting import target
from accounts.language import speaking_to, spoken_by
from accounts.models import Invitation, Letter, Organisation
from audit import verbs
from audit.actions import record
from audit.entry import Result

log = logging.getLogger(__name__)
AT_ONCE = 200  # mails of one round: the next one rings again
MOST_TRIES = 5
LATE = timedelta(days=7)  # a mail server that is set up later tells nobody of what is long over


def mail_waiting(*, now: datetime) -> int:
    """Mail the invitations that wait, over one connection. Return how many went out.

    While the mail server cannot be reached they go on waiting.
    """
    if not settings.MAIL_IS_SET_UP:
        return 0
    waiting = open_invitations().filter(mail=Invitation.Mail.WAITING, expires_at__gt=now).order_by("created_at", "pk")
    pks = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
    with _opened(bool(pks)) as connection:
        return sum(_mail_one(pk, connection) for pk in pks) if connection else 0


def mail_letters(*, now: datetime) -> int:
    """Mail the letters that wait, over one connection. Return how many went out.

    While the mail server cannot be reached they go on waiting; one that it does not take is tried some times more.
    """
    if not settings.MAIL_IS_SET_UP:
        return 0
    Letter.objects.filter(created_at__lt=now - LATE).delete()
    pks = list(Letter.objects.order_by("tries", "created_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    with _opened(bool(pks)) as connection:
        return sum(_post(pk, connection) for pk in pks) if connection else 0


@contextmanager
def _opened(anything: bool) -> Iterator[BaseEmailBackend | None]:
    """Give an open connection, or None where nothing waits or the mail server cannot be reached."""
    connection = get_connection() if anything else None
    if connection is None or not _opens(connection):
        yield None
        return
    try:
        yield connection
    finally:
        connection.close()


def _opens(connection: BaseEmailBackend) -> bool:
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        log.warning("no mail can be sent", extra={"reason": type(error).__name__})
        return False
    return True


@transaction.atomic
def _post(pk: int, connection: BaseEmailBackend) -> bool:
    """Mail a letter, then delete it: a process that dies between the two mails twice."""
    letter = Letter.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if letter is None:
        return False
    try:
        _letter(letter, connection).send()
    except (OSError, SMTPException) as error:
        log.warning("a mail was not sent", extra={"reason": type(error).__name__})
        letter.tries += 1
        letter.save(update_fields=["tries"])
        Letter.objects.filter(pk=pk, tries__gte=MOST_TRIES).delete()
        return False
    letter.delete()
    return True


def _letter(letter: Letter, connection: BaseEmailBackend) -> EmailMessage:
    origin = settings.ORIGINS[0].rstrip("/")
    context = {
        "letter": letter,
        "organisation": Organisation.objects.filter(pk=1).first(),
        "sign_in": origin + reverse("account_login"),
        "security": origin + reverse("mfa_index"),
    }
    with speaking_to(letter.email):
        subject = render_to_string("accounts/email/letter_subject.txt", context)
        body = render_to_string("accounts/email/letter_message.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[letter.email], connection=connection)


def _mail_one(pk: UUID, connection: BaseEmailBackend) -> bool:
    """Claim an invitation, give it its token, mail it. A mail that fails is a second entry, and can be sent again."""
    claimed = _claim(pk)
    if claimed is None:
        return False
    invitation, token = claimed
    try:
        _message(invitation, token, connection).send()
    except (OSError, SMTPException) as error:
        log.warning("a mail was not sent", extra={"reason": type(error).__name__})
        _note_failure(invitation)
        return False
    return True


@transaction.atomic
def _claim(pk: UUID) -> tuple[Invitation, str] | None:
    waiting = open_invitations().filter(pk=pk, mail=Invitation.Mail.WAITING)
    held = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("team", "invited_by").first()
    if held is None:
        return None
    token = tokens.fresh()
    Invitation.objects.filter(pk=pk).update(token_hash=tokens.hash_of(token), mail=Invitation.Mail.SENT)
    record(verbs.INVITATION_MAILED, targets=[target(held)])
    return held, token


@transaction.atomic
def _note_failure(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk, mail=Invitation.Mail.SENT).update(mail=Invitation.Mail.FAILED)
    record(verbs.INVITATION_MAILED, targets=[target(invitation)], result=Result.REFUSED)


def _message(invitation: Invitation, token: str, connection: BaseEmailBackend) -> EmailMessage:
    address = settings.ORIGINS[0].rstrip("/") + reverse("accounts:accept", args=[token])
    context = {"invitation": invitation, "address": address, "organisation": Organisation.objects.filter(pk=1).first()}
    with spoken_by(invitation.invited_by):
        subject = render_to_string("accounts/email/invitation_subject.txt", context).strip()
        body = render_to_string("accounts/email/invitation_message.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[invitation.email], connection=connection)

"""Doors for Celery."""

from celery import shared_task
from django.utils import timezone

from accounts import mailing
from accounts.guessing import forget_old
from accounts.sessions import SessionStore


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    """Delete the sessions that have ended, as `manage.py clearsessions` does, and old tries to sign in."""
    SessionStore.clear_expired()
    forget_old()


@shared_task(name="accounts.mail_invitations")
def mail_invitations() -> None:
    """Mail the invitations and the letters that wait."""
    now = timezone.now()
    mailing.mail_waiting(now=now)
    mailing.mail_letters(now=now)

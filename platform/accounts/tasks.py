"""Doors for Celery."""

from celery import shared_task

from accounts.sessions import SessionStore


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    """Delete the sessions that have expired, as `manage.py clearsessions` does."""
    SessionStore.clear_expired()

"""Bells for housekeeping. A bell that cannot be rung is no loss: beat rings again for whatever still waits."""

from celery import current_app


def ring(task: str) -> None:
    """Have housekeeping do what waits for this task, quietly."""
    try:
        current_app.send_task(task, retry=False)
    except Exception:
        return
